#include "jobs/activity_aggregate_updater/job.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "jobs/activity_aggregate_updater/options.h"
#include "unit/jobs/school.h"

namespace lernd::activity_aggregate_updater {
namespace {

OptionValues values() { return default_values(description().options); }

std::unique_ptr<Job> job(const std::string& window_items = "1000") {
  OptionValues own = values();
  own.set("threshold.batch.read.size", window_items);
  return description().make(own);
}

std::unique_ptr<Event> event(const Job& job, const std::string& user, std::size_t items = 1) {
  std::string contents;
  for (std::size_t i = 0; i < items; ++i) contents += (i == 0 ? "" : ",") + (R"({"contentId":"c)" + std::to_string(i) + R"(","status":2})");
  auto event = job.decode(
      {.offset = {1},
       .time = {},
       .key = {},
       .value = R"({"edata":{"action":"batch-enrolment-update","courseId":"do_1","batchId":"b1","userId":")" + user + R"(","contents":[)" + contents + "]}}",
       .headers = {}});
  EXPECT_TRUE(event.has_value());
  return *std::move(event);
}

std::uint64_t messages(const Job& job, const Event& event) { return job.parked(event, Facts(), {}, stamp()).counts["failed-events-count"]; }

TEST(ActivityAggregateUpdaterJob, RecordsOfOneEnrolmentAreInOrderAndBecomeOne) {
  const auto it = job();
  const auto first = event(*it, "u1");
  EXPECT_EQ(it->order_keys(*first), it->order_keys(*event(*it, "u1", 3)));
  EXPECT_NE(it->order_keys(*first), it->order_keys(*event(*it, "u2")));
  EXPECT_FALSE(it->fold(*first, *event(*it, "u2")));
  EXPECT_EQ(messages(*it, *first), 1u);
  EXPECT_TRUE(it->fold(*first, *event(*it, "u1", 3)));
  EXPECT_EQ(messages(*it, *first), 2u);
}

TEST(ActivityAggregateUpdaterJob, AnEventIsBounded) {
  const auto narrow = job("1");
  const auto few = event(*narrow, "u1", 200);
  EXPECT_TRUE(narrow->fold(*few, *event(*narrow, "u1", 56)));
  EXPECT_FALSE(narrow->fold(*few, *event(*narrow, "u1")));
  const auto wide = job("1000");
  const auto many = event(*wide, "u1", 999);
  EXPECT_TRUE(wide->fold(*many, *event(*wide, "u1")));
  EXPECT_FALSE(wide->fold(*many, *event(*wide, "u1")));
}

TEST(ActivityAggregateUpdaterJob, DescribesItself) {
  const JobDescription it = description();
  EXPECT_FALSE(it.replayable);
  for (const auto* name : {"total-events-count", "skipped-events-count", "failed-events-count", "batch-enrolment-update-count", "processed-enrolment-count",
                           "retired-consumption-events-count", "db-read-count", "db-update-count", "cache-hit-count", "cache-miss-count",
                           "enrolment-complete-count", "cert-issue-events-count"}) {
    EXPECT_EQ(std::ranges::count(it.counters, name), 1) << name;
  }
  EXPECT_EQ(it.counters.size(), 12u);
  EXPECT_EQ(job()->received_counter(), "total-events-count");
  EXPECT_EQ(job()->skipped_counter(), "skipped-events-count");
  EXPECT_EQ(it.caches(values()), (std::vector<CacheId>{{"redis", 10}, {"dedup-redis", 3}}));
  EXPECT_EQ(it.tables(values()).size(), 3u);
  EXPECT_EQ(it.services(values()).front().url_option, "service.search.basePath");
}

TEST(ActivityAggregateUpdaterOptions, AreResolved) {
  OptionValues own = values();
  Options options = options_from(own);
  EXPECT_EQ(options.window_items, 1000u);
  EXPECT_TRUE(options.drop_duplicates);
  EXPECT_EQ(options.fingerprint_expiry, std::chrono::seconds(604800));
  EXPECT_EQ(options.search_url, "http://11.2.6.6/search/v3/search");
  own.set("threshold.batch.read.size", "1");
  own.set("activity.input.dedup.enabled", "false");
  own.set("dedup-redis.database.index", "13");
  own.set("dedup-redis.database.expiry", "60");
  options = options_from(own);
  EXPECT_EQ(options.window_items, 1u);
  EXPECT_FALSE(options.drop_duplicates);
  EXPECT_EQ(options.fingerprints, (CacheId{"dedup-redis", 13}));
  EXPECT_EQ(options.fingerprint_expiry, std::chrono::seconds(60));
}

}  // namespace
}  // namespace lernd::activity_aggregate_updater
