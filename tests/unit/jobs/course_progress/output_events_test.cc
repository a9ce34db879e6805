#include "jobs/course_progress/output_events.h"

#include <gtest/gtest.h>

#include "core/json.h"
#include "unit/jobs/school.h"

namespace lernd::course_progress {
namespace {

const EnrolmentKey kEnrolment = {"u1", "do_1", "b1"};
/// Ids that JSON has to escape.
const EnrolmentKey kAwkward = {"u\"1", "do\\1", "b\n1"};

TEST(OutputEvents, CertificateRequest) {
  EXPECT_EQ(certificate_request(kEnrolment, stamp()),
            R"({"eid":"BE_JOB_REQUEST","ets":1700000000000,"mid":"LP.1700000000000.)" + stamp().uuid(0) +
                R"(","actor":{"id":"Course Certificate Generator","type":"System"},"context":{"pdata":{"ver":"1.0","id":"org.sunbird.platform"}},)"
                R"("object":{"id":"b1_do_1","type":"CourseCertificateGeneration"},"edata":{"userIds":["u1"],"action":"issue-certificate","iteration":1,)"
                R"("trigger":"auto-issue","batchId":"b1","reIssue":false,"courseId":"do_1"}})");
}

TEST(OutputEvents, CompletionAudit) {
  EXPECT_EQ(completion_audit(kEnrolment, stamp()),
            R"({"actor":{"id":"u1","type":"User"},"eid":"AUDIT","edata":{"props":["status","completedon"],"type":"enrol-complete"},"ver":"3.0",)"
            R"("syncts":1700000000000,"ets":1700000000000,"context":{"channel":"in.sunbird","env":"Course","sid":")" +
                stamp().uuid(1) + R"(","did":")" + stamp().uuid(2) +
                R"(","pdata":{"ver":"3.0","id":"org.sunbird.learning.platform","pid":"course-progress-updater"},)"
                R"("cdata":[{"type":"CourseBatch","id":"b1"},{"type":"Course","id":"do_1"}]},"mid":"LP.AUDIT.)" +
                stamp().uuid(3) + R"(","object":{"id":"u1","type":"User","rollup":{"l1":"do_1"}},"tags":[]})");
}

TEST(OutputEvents, FailedEvent) {
  EXPECT_EQ(failed_event(kEnrolment, {}), R"({"userId":"u1","batchId":"b1","courseId":"do_1","contents":{}})");
  EXPECT_EQ(failed_event(kEnrolment, {{"c1", 2, 5, 1}, {"c2"}}),
            R"({"userId":"u1","batchId":"b1","courseId":"do_1","contents":{)"
            R"("c1":{"contentId":"c1","status":2,"completedCount":1,"viewCount":5,"fromInput":false,"eventsFor":[]},)"
            R"("c2":{"contentId":"c2","status":1,"completedCount":0,"viewCount":0,"fromInput":false,"eventsFor":[]}}})");
}

TEST(OutputEvents, AreJsonWhateverTheIdsAre) {
  const auto certificate = JsonDocument::parse(certificate_request(kAwkward, stamp()));
  ASSERT_TRUE(certificate);
  EXPECT_EQ(certificate->root().find("object")->find("id")->text(), "b\n1_do\\1");
  EXPECT_EQ(certificate->root().find("edata")->find("userIds")->items()[0].text(), "u\"1");
  const auto audit = JsonDocument::parse(completion_audit(kAwkward, stamp()));
  ASSERT_TRUE(audit);
  EXPECT_EQ(audit->root().find("actor")->find("id")->text(), "u\"1");
  EXPECT_EQ(audit->root().find("object")->find("rollup")->find("l1")->text(), "do\\1");
  const auto failed = JsonDocument::parse(failed_event(kAwkward, {{"c\"1"}}));
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->root().find("batchId")->text(), "b\n1");
  EXPECT_TRUE(failed->root().find("contents")->find("c\"1"));
}

}  // namespace
}  // namespace lernd::course_progress
