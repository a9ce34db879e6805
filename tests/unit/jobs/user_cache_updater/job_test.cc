#include "jobs/user_cache_updater/job.h"

#include "jobs/registry.h"
#include "unit/jobs/school.h"
#include "unit/jobs/user_cache_updater/user.h"

namespace lernd::user_cache_updater {
namespace {

std::unique_ptr<Event> event(const Job& job, const Audit& audit) {
  auto event = job.decode(audit.record());
  EXPECT_TRUE(event.has_value());
  return *std::move(event);
}

TEST(UserCacheUpdaterJob, OrdersByUser) {
  const auto job = description().make(values_of());
  EXPECT_EQ(job->order_keys(*event(*job, {.user = "u1"})), std::vector<std::string>{"u1"});
  EXPECT_EQ(job->order_keys(*event(*job, {.user = "u1", .producer = "app"})), std::vector<std::string>{"u1"});
}

TEST(UserCacheUpdaterJob, FoldsEventsOfOneUserThatAllReadOrAllDoNot) {
  const auto job = description().make(values_of());
  const auto reading = event(*job, {});
  EXPECT_TRUE(job->fold(*reading, *event(*job, {.state = "Create"})));
  EXPECT_FALSE(job->fold(*reading, *event(*job, {.user = "u2"})));
  EXPECT_FALSE(job->fold(*reading, *event(*job, {.producer = "app"}))) << "it is done even when the profile cannot be read";
  EXPECT_EQ(static_cast<const UserAudited&>(*reading).changes.size(), 2u);
  const auto other = event(*job, {.producer = "app"});
  EXPECT_FALSE(job->fold(*other, *event(*job, {})));
  EXPECT_TRUE(job->fold(*other, *event(*job, {.state = "LoggedIn"})));
}

TEST(UserCacheUpdaterJob, DescribesItself) {
  const JobDescription it = description();
  EXPECT_EQ(find_job("user-cache-updater-2.0"), find_job("user-cache-updater"));
  EXPECT_NE(find_job("user-cache-updater-2.0"), nullptr);
  EXPECT_TRUE(it.replayable);
  EXPECT_TRUE(it.output_topic_options.empty());
  EXPECT_TRUE(it.tables(values_of()).empty());
  EXPECT_EQ(it.counters, (std::vector<std::string>{"total-audit-events-count", "skipped-message-count", "success-message-count", "user-cache-hit",
                                                   "api-read-success-count", "api-read-miss-count"}));
  const auto job = it.make(values_of());
  EXPECT_EQ(job->received_counter(), "total-audit-events-count");
  EXPECT_EQ(job->skipped_counter(), "skipped-message-count");
  EXPECT_EQ(it.caches(values_of({{"redis-meta.database.userstore.id", "3"}})), (std::vector<CacheId>{{"redis-meta", 3}}));
}

}  // namespace
}  // namespace lernd::user_cache_updater
