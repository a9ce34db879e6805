#include "jobs/user_deletion_cleanup/job.h"

#include "jobs/registry.h"
#include "unit/jobs/user_deletion_cleanup/office.h"

namespace lernd::user_deletion_cleanup {
namespace {

TEST(DeletionJob, EventsThatShareAUserAreHandledInOrder) {
  const auto job = description().make(values_of());
  EXPECT_EQ(job->order_keys(event_of({.user = "u1", .managed = {"m1", "u1", "m2"}})), (std::vector<std::string>{"u1", "m1", "m2"}));
}

TEST(DeletionJob, FoldsNothing) {
  Deletion event = event_of({});
  EXPECT_FALSE(description().make(values_of())->fold(event, event_of({})));
}

TEST(DeletionJob, DescribesItself) {
  const JobDescription it = description();
  EXPECT_NE(find_job("user-deletion-cleanup"), nullptr);
  EXPECT_FALSE(it.replayable);
  EXPECT_EQ(it.output_topic_options, std::vector<std::string>{"kafka.output.audit.topic"});
  EXPECT_EQ(it.caches(values_of()), (std::vector<CacheId>{{"redis-meta", 12}, {"redis", 12}}));
  EXPECT_EQ(it.counters, (std::vector<std::string>{"total-delete-events-count", "skipped-message-count", "api-read-success-count", "success-message-count",
                                                   "api-read-miss-count", "db-update-success-count"}));
  const auto job = it.make(values_of());
  EXPECT_EQ(job->received_counter(), "total-delete-events-count");
  EXPECT_EQ(job->skipped_counter(), "skipped-message-count");
}

TEST(DeletionJob, ItsTables) {
  std::vector<std::string> names;
  for (const TableUse& use : description().tables(values_of())) {
    names.push_back(use.shape.name.text());
    EXPECT_FALSE(use.ours);
    for (const std::string& column : use.needed) EXPECT_NE(use.shape.find(column), nullptr) << column;
    for (const std::string& column : use.shape.key) EXPECT_NE(use.shape.find(column), nullptr) << column;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"sunbird.user", "sunbird.user_organisation", "sunbird.user_lookup", "sunbird.usr_external_identity"}));
}

}  // namespace
}  // namespace lernd::user_deletion_cleanup
