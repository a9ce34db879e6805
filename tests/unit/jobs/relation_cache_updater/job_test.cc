#include "jobs/relation_cache_updater/job.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/jobs/school.h"

namespace lernd::relation_cache_updater {
namespace {

OptionValues values() { return default_values(description().options); }

std::unique_ptr<Event> event(const Job& job, const std::string& id) {
  auto event =
      job.decode({.offset = {1},
                  .time = {},
                  .key = {},
                  .value = R"({"edata":{"action":"relation-cache-update","mimeType":"application/vnd.ekstep.content-collection","identifier":")" + id + "\"}}",
                  .headers = {}});
  EXPECT_TRUE(event.has_value());
  return *std::move(event);
}

TEST(RelationCacheUpdaterJob, RecordsOfOneCollectionAreInOrderAndBecomeOne) {
  const auto job = description().make(values());
  const auto first = event(*job, "do_1");
  EXPECT_EQ(job->order_keys(*first), std::vector<std::string>{"do_1"});
  EXPECT_FALSE(job->fold(*first, *event(*job, "do_2")));
  EXPECT_TRUE(job->fold(*first, *event(*job, "do_1")));
  EXPECT_EQ(job->parked(*first, Facts(), {}, stamp()).counts["failed-events-count"], 2u);
}

TEST(RelationCacheUpdaterJob, DescribesItself) {
  const JobDescription it = description();
  EXPECT_TRUE(it.output_topic_options.empty());
  EXPECT_TRUE(it.replayable);
  EXPECT_EQ(it.counters, (std::vector<std::string>{"total-events-count", "success-events-count", "skipped-event-count", "failed-events-count", "db-read-count",
                                                   "cache-write-count"}));
  const auto job = it.make(values());
  EXPECT_EQ(job->received_counter(), "total-events-count");
  EXPECT_EQ(job->skipped_counter(), "skipped-event-count");
  EXPECT_EQ(it.caches(values()), (std::vector<CacheId>{{"redis", 10}, {"dp-redis", 5}}));
  const auto tables = it.tables(values());
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0].shape.name.text(), "dev_hierarchy_store.content_hierarchy");
  EXPECT_EQ(tables[0].shape.key, std::vector<std::string>{"identifier"});
}

TEST(RelationCacheUpdaterJob, TakesNamesAndDatabasesFromTheOptions) {
  OptionValues own = values();
  own.set("lms-cassandra.keyspace", "k");
  own.set("lms-cassandra.table", "t");
  own.set("redis.database.index", "3");
  own.set("dp-redis.database.index", "4");
  const JobDescription it = description();
  EXPECT_EQ(it.tables(own)[0].shape.name.text(), "k.t");
  EXPECT_EQ(it.caches(own), (std::vector<CacheId>{{"redis", 3}, {"dp-redis", 4}}));
}

}  // namespace
}  // namespace lernd::relation_cache_updater
