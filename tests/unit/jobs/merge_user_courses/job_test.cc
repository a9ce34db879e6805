#include "core/job.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "jobs/registry.h"
#include "unit/jobs/school.h"

/// The job as the runtime sees it.
namespace lernd {
namespace {

const JobDescription& description() { return *find_job("merge-user-courses"); }

OptionValues values() { return default_values(description().options); }

Record record_of(const std::string& source, const std::string& target) {
  return {.offset = {},
          .time = {},
          .key = {},
          .value = R"({"mid":"m","edata":{"fromAccountId":")" + source + R"(","toAccountId":")" + target + "\"}}",
          .headers = {}};
}

TEST(MergeUserCoursesJob, OrdersByBothAccounts) {
  const auto job = description().make(values());
  const auto event = job->decode(record_of("a", "b"));
  ASSERT_TRUE(event);
  EXPECT_EQ(job->order_keys(**event), (std::vector<std::string>{"a", "b"}));
}

TEST(MergeUserCoursesJob, NeverFolds) {
  const auto job = description().make(values());
  const auto event = job->decode(record_of("a", "b"));
  EXPECT_FALSE(job->fold(**event, **job->decode(record_of("a", "b"))));
}

TEST(MergeUserCoursesJob, AsksThenPlansOrParks) {
  const auto job = description().make(values());
  const auto event = job->decode(record_of("a", "b"));
  EXPECT_TRUE(std::holds_alternative<Ask>(job->advance(**event, Facts(), stamp())));
  EXPECT_EQ(job->parked(**event, Facts(), {Treatment::retry, ErrorCode::unavailable, "away"}, stamp()).outputs.size(), 1u);
  const auto none = job->decode(record_of("a", "a"));
  ASSERT_FALSE(none);
  EXPECT_EQ(job->skipped(none.error(), {}).outputs.size(), 1u);
}

TEST(MergeUserCoursesJob, DescribesItself) {
  const JobDescription& it = description();
  EXPECT_EQ(it.counters, (std::vector<std::string>{"total-events-count", "success-events-count", "skipped-event-count", "failed-events-count",
                                                   "db-update-user-course-batch", "shared-enrolment-count", "unreadable-date-count"}));
  const auto job = it.make(values());
  EXPECT_EQ(job->received_counter(), "total-events-count");
  EXPECT_EQ(job->skipped_counter(), "skipped-event-count");
  EXPECT_TRUE(it.caches(values()).empty());
  EXPECT_TRUE(it.services(values()).empty());
  for (const std::string& topic : it.output_topic_options) EXPECT_TRUE(values().all().contains(topic)) << topic;
}

// Every other column is taken as it is found, so an installation may lack those that came later.
TEST(MergeUserCoursesJob, NeedsOnlyKeysAndItsOwnTable) {
  const auto tables = description().tables(values());
  ASSERT_EQ(tables.size(), 4u);
  for (const TableUse& table : tables) {
    EXPECT_EQ(values().text(table.option), table.shape.name.table);
    EXPECT_EQ(table.ours, table.shape.name.table == "lernd_merged");
    if (!table.ours) {
      EXPECT_EQ(table.needed, table.shape.key);
    } else {
      EXPECT_EQ(table.needed.size(), table.shape.columns.size());
    }
  }
}

}  // namespace
}  // namespace lernd
