#include "jobs/merge_user_courses/output_events.h"

#include <gtest/gtest.h>

#include "unit/jobs/school.h"

namespace lernd::merge_user_courses {
namespace {

TEST(SyncEvent, ForTheBatchUpdater) {
  EXPECT_EQ(sync_event({"t", "c", "b"}, kBatchSync, stamp(), 4),
            R"({"eid":"BE_JOB_REQUEST","ets":1700000000000,"mid":"LP.1700000000000.)" + stamp().uuid(4) +
                R"(","actor":{"id":"Course Batch Updater","type":"System"},"context":{"pdata":{"ver":"1.0","id":"org.sunbird.platform"}},)"
                R"("object":{"id":"b_t","type":"CourseBatchEnrolment"},"edata":{"action":"batch-enrolment-sync","iteration":1,"batchId":"b","userId":"t",)"
                R"("courseId":"c","reset":["completionPercentage","status","progress"]}})");
}

TEST(SyncEvent, ForReconciliation) {
  const auto event = sync_event({"t", "c", "b"}, kUserSync, stamp(), 5);
  EXPECT_TRUE(event.ends_with(R"("edata":{"action":"user-enrolment-sync","iteration":1,"batchId":"b","userId":"t","courseId":"c"}})")) << event;
  EXPECT_TRUE(event.contains(stamp().uuid(5)));
}

TEST(SyncEvent, IdsAreEscaped) {
  EXPECT_TRUE(sync_event({"t\"", "c\n", "b\\"}, kUserSync, stamp(), 0).contains(R"("batchId":"b\\","userId":"t\"","courseId":"c\n")"));
}

TEST(FailedEvent, HasExactlyTheseMembers) {
  EXPECT_EQ(failed_event(kSkippedError), R"({"jobName":"MergeUserCourses","failInfo":{"errorCode":"DATA_ERROR","error":"ERR_MERGE_USER_COURSES_SAMZA"}})");
}

}  // namespace
}  // namespace lernd::merge_user_courses
