#include "core/job.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "jobs/registry.h"
#include "unit/jobs/school.h"

/// The job as the runtime sees it.
namespace lernd {
namespace {

const JobDescription& description() { return *find_job("enrolment-reconciliation"); }

OptionValues values() { return default_values(description().options); }

std::unique_ptr<Job> job(const std::string& filter = "true") {
  auto options = values();
  options.set("activity.filter.processed.enrolments", filter);
  return description().make(options);
}

Record record_of(const std::string& user, const std::string& course = "do_1", const std::string& batch = "b1") {
  return {.offset = {},
          .time = {},
          .key = {},
          .value = R"({"edata":{"action":"user-enrolment-sync","userId":")" + user + R"(","courseId":")" + course + R"(","batchId":")" + batch + "\"}}",
          .headers = {}};
}

std::unique_ptr<Event> event_of(const Job& job, const Record& record) {
  auto event = job.decode(record);
  EXPECT_TRUE(event);
  return event ? *std::move(event) : nullptr;
}

std::size_t failed_events(const Job& job, const Event& event) {
  return job.parked(event, Facts(), {Treatment::reject, ErrorCode::unpublished_course, ""}, stamp()).outputs.size();
}

TEST(EnrolmentReconciliationJob, DecodesARecord) {
  const auto it = job();
  const auto step = it->advance(*event_of(*it, record_of("u1")), Facts(), stamp());
  ASSERT_TRUE(std::holds_alternative<Ask>(step));
  EXPECT_TRUE(std::get<Ask>(step).pending());
  EXPECT_FALSE(it->decode({}));
}

TEST(EnrolmentReconciliationJob, OrdersByEnrolment) {
  const auto it = job();
  const auto keys = [&](const Record& record) { return it->order_keys(*event_of(*it, record)); };
  const auto own = keys(record_of("u1"));
  EXPECT_EQ(own.size(), 1u);
  EXPECT_EQ(own, keys(record_of("u1")));
  for (const Record& other : {record_of("u2"), record_of("u1", "do_2"), record_of("u1", "do_1", "b2"), record_of("u", "1do_1")}) EXPECT_NE(own, keys(other));
}

TEST(EnrolmentReconciliationJob, FoldsRequestsOfOneEnrolment) {
  const auto it = job();
  const auto event = event_of(*it, record_of("u1"));
  ASSERT_TRUE(it->fold(*event, *event_of(*it, record_of("u1"))));
  const auto two = event_of(*it, record_of("u1"));
  ASSERT_TRUE(it->fold(*two, *event));
  EXPECT_EQ(failed_events(*it, *two), 3u);
}

TEST(EnrolmentReconciliationJob, DoesNotFoldWhatIsNotTheSame) {
  const auto it = job();
  const auto event = event_of(*it, record_of("u1"));
  for (const Record& other : {record_of("u2"), record_of("u1", "do_2"), record_of("u1", "do_1", "b2")}) EXPECT_FALSE(it->fold(*event, *event_of(*it, other)));
  EXPECT_EQ(failed_events(*it, *event), 1u) << "unchanged";
}

// Without the filter two requests for a completed enrolment ask for two certificates.
TEST(EnrolmentReconciliationJob, DoesNotFoldWithoutTheFilter) {
  const auto it = job("false");
  const auto event = event_of(*it, record_of("u1"));
  EXPECT_FALSE(it->fold(*event, *event_of(*it, record_of("u1"))));
  EXPECT_EQ(failed_events(*it, *event), 1u);
}

TEST(EnrolmentReconciliationJob, DescribesItself) {
  const JobDescription& it = description();
  EXPECT_EQ(it.input_topic_option, "kafka.input.topic");
  EXPECT_EQ(it.group_option, "kafka.groupId");
  EXPECT_EQ(it.counters,
            (std::vector<std::string>{"total-events-count", "skipped-events-count", "failed-events-count", "retired-consumption-events-count", "db-read-count",
                                      "db-update-count", "cache-hit-count", "cache-miss-count", "enrolment-complete-count", "cert-issue-events-count"}));
  EXPECT_EQ(job()->received_counter(), "total-events-count");
  EXPECT_EQ(job()->skipped_counter(), "skipped-events-count");
  EXPECT_EQ(it.caches(values()), (std::vector<CacheId>{{"redis", 10}}));
  ASSERT_EQ(it.services(values()).size(), 1u);
  EXPECT_EQ(it.services(values())[0].url_option, "service.search.basePath");
}

// validate reports a column as missing only when the job cannot do without it.
TEST(EnrolmentReconciliationJob, NeedsTheColumnsItReadsAndWrites) {
  const auto tables = description().tables(values());
  ASSERT_EQ(tables.size(), 3u);
  for (const TableUse& table : tables) {
    EXPECT_EQ(values().text(table.option), table.shape.name.table);
    for (const std::string& column : table.needed) EXPECT_NE(table.shape.find(column), nullptr) << table.shape.name.text() << "." << column;
    for (const std::string& column : table.shape.key) EXPECT_NE(std::ranges::find(table.needed, column), table.needed.end()) << column;
  }
  EXPECT_EQ(tables[0].shape.name.text(), "sunbird_courses.user_content_consumption");
  EXPECT_EQ(tables[1].shape.name.text(), "sunbird_courses.user_activity_agg");
  EXPECT_EQ(tables[2].shape.name.text(), "sunbird_courses.user_enrolments");
}

TEST(Registry, ListsEveryJobOnceInTheOrderOfTheirNames) {
  const auto jobs = all_jobs();
  ASSERT_FALSE(jobs.empty());
  for (std::size_t i = 1; i < jobs.size(); ++i) EXPECT_LT(jobs[i - 1].name, jobs[i].name);
  for (const JobDescription& job : jobs) {
    EXPECT_EQ(find_job(job.name), &job);
    for (const std::string& alias : job.aliases) EXPECT_EQ(find_job(alias), &job) << alias;
  }
  EXPECT_EQ(find_job("no-such-job"), nullptr);
}

TEST(Registry, OptionsThatAJobNamesAreInItsTable) {
  for (const JobDescription& job : all_jobs()) {
    std::vector<std::string> named = job.output_topic_options;
    named.push_back(job.input_topic_option);
    named.push_back(job.group_option);
    OptionValues defaults = default_values(job.options);
    for (const ServiceUse& service : job.services(defaults)) named.push_back(service.url_option);
    for (const std::string& name : named) EXPECT_NE(std::ranges::find(job.options, name, &Option::name), job.options.end()) << job.name << ": " << name;
  }
}

}  // namespace
}  // namespace lernd
