#include "jobs/user_ownership_transfer/job.h"

#include <set>

#include "jobs/registry.h"
#include "unit/jobs/school.h"
#include "unit/jobs/user_ownership_transfer/town.h"

namespace lernd::user_ownership_transfer {
namespace {

std::set<std::string> keys(const Ordered& ordered, const Settings& settings = {}) {
  const auto keys = description().make(values_of(settings))->order_keys(event_of(ordered));
  return {keys.begin(), keys.end()};
}

bool share(const Ordered& one, const Ordered& other, const Settings& settings = {}) {
  const auto known = keys(one, settings);
  return std::ranges::any_of(keys(other, settings), [&](const std::string& key) { return known.contains(key); });
}

bool folds(const Ordered& one, const Ordered& other, const Settings& settings = {}) {
  Transfer event = event_of(one);
  return description().make(values_of(settings))->fold(event, event_of(other)) && event.requests.size() == 2;
}

const Settings kParallel = {{"task.user.ownership.transfer.parallelism", "1000"}};

TEST(TransferJob, OneEventAtATimeByDefault) { EXPECT_TRUE(share({.from = "a", .to = "b"}, {.from = "c", .to = "d"})); }

TEST(TransferJob, EventsThatShareAUserAreHandledInOrder) {
  EXPECT_TRUE(share({.from = "a", .to = "b"}, {.from = "b", .to = "c"}, kParallel));
  EXPECT_TRUE(share({.from = "a", .to = "b"}, {.from = "c", .to = "a"}, kParallel));
  EXPECT_TRUE(share({.from = "a", .to = "b"}, {.from = "c", .to = "b"}, kParallel));
  EXPECT_TRUE(share({.from = "a", .to = "b"}, {.from = "a", .to = "d"}, kParallel));
  EXPECT_EQ(keys({.from = "a", .to = "a"}, kParallel).size(), 2u);
}

TEST(TransferJob, AsManyAtATimeAsConfigured) {
  std::set<std::string> slots;
  for (int i = 0; i < 200; ++i) {
    for (const std::string& key : keys({.from = "user-" + std::to_string(i), .to = "x"}, {{"task.user.ownership.transfer.parallelism", "4"}})) {
      if (key.starts_with("slot ")) slots.insert(key);
    }
  }
  EXPECT_EQ(slots.size(), 4u);
  EXPECT_FALSE(keys({.from = "slot 0", .to = "x"}).contains("slot 1"));
  EXPECT_TRUE(keys({.from = "slot 0", .to = "x"}).contains("user slot 0")) << "a user is no slot";
}

TEST(TransferJob, WhatIsOnlySkippedWaitsForNobody) {
  EXPECT_FALSE(share({.from = "", .mid = "m1"}, {.from = "", .mid = "m2"}));
  EXPECT_FALSE(share({.from = "", .to = "b"}, {.from = "a", .to = "b"}));
}

TEST(TransferJob, FoldsEventsThatAskForTheSame) {
  EXPECT_TRUE(folds({}, {.mid = "m2", .context = "other", .asset = {{"identifier", "x"}}}));
  EXPECT_FALSE(folds({}, {.from = "x"}));
  EXPECT_FALSE(folds({}, {.to = "x"}));
  EXPECT_FALSE(folds({}, {.organisation = "x"}));
  EXPECT_FALSE(folds({.from = ""}, {.from = ""}));
}

TEST(TransferJob, WithTheFilterOnlyEventsForOneAssetFold) {
  const Settings filter = {{"ownership.asset.filter", "true"}};
  const Json b1 = {{"objectType", "Course Batch"}, {"identifier", "b1"}};
  EXPECT_TRUE(folds({.asset = b1}, {.asset = b1}, filter));
  EXPECT_FALSE(folds({.asset = b1}, {.asset = {{"objectType", "Course Batch"}, {"identifier", "b2"}}}, filter));
  EXPECT_FALSE(folds({.asset = b1}, {}, filter));
}

TEST(TransferJob, DescribesItself) {
  const JobDescription it = description();
  EXPECT_NE(find_job("user-ownership-transfer"), nullptr);
  EXPECT_FALSE(it.replayable) << "the old owner may be gone when it is decided again";
  EXPECT_TRUE(it.output_topic_options.empty());
  EXPECT_EQ(it.indices, std::vector<std::string>{"course-batch"});
  EXPECT_TRUE(it.caches(values_of()).empty());
  EXPECT_EQ(it.counters, (std::vector<std::string>{"total-transfer-events-count", "skipped-message-count", "api-read-success-count", "db-update-success-count",
                                                   "success-message-count"}));
  const auto job = it.make(values_of());
  EXPECT_EQ(job->received_counter(), "total-transfer-events-count");
  EXPECT_EQ(job->skipped_counter(), "skipped-message-count");
}

TEST(TransferJob, TheTableOfUsersIsNeededWhereDeletedOwnersAreAccepted) {
  const auto names = [](const Settings& settings) {
    std::vector<std::string> names;
    for (const TableUse& use : description().tables(values_of(settings))) names.push_back(use.shape.name.text());
    return names;
  };
  EXPECT_EQ(names({}), std::vector<std::string>{"sunbird_courses.course_batch"});
  EXPECT_EQ(names({{"ownership.accept.deleted.from.user", "true"}}), (std::vector<std::string>{"sunbird_courses.course_batch", "sunbird.user"}));
  for (const TableUse& use : description().tables(values_of({{"ownership.accept.deleted.from.user", "true"}}))) {
    EXPECT_FALSE(use.ours);
    for (const std::string& column : use.needed) EXPECT_NE(use.shape.find(column), nullptr) << column;
  }
}

}  // namespace
}  // namespace lernd::user_ownership_transfer
