#include "jobs/course_progress/output_events.h"

#include <gtest/gtest.h>

#include "core/json.h"
#include "unit/jobs/school.h"

namespace lernd::course_progress {
namespace {

const EnrolmentKey kEnrolment = {"u1", "do_1", "b1"};
const Stamp kStamp = stamp();
/// Ids that JSON has to escape.
const EnrolmentKey kAwkward = {"u\"1", "do\\1", "b\n1"};

TEST(OutputEvents, CertificateRequest) {
  EXPECT_EQ(OutputEvents(kEnrolment, kStamp).certificate_request(),
            R"({"eid":"BE_JOB_REQUEST","ets":1700000000000,"mid":"LP.1700000000000.)" + stamp().uuid(0) +
                R"(","actor":{"id":"Course Certificate Generator","type":"System"},"context":{"pdata":{"ver":"1.0","id":"org.sunbird.platform"}},)"
                R"("object":{"id":"b1_do_1","type":"CourseCertificateGeneration"},"edata":{"userIds":["u1"],"action":"issue-certificate","iteration":1,)"
                R"("trigger":"auto-issue","batchId":"b1","reIssue":false,"courseId":"do_1"}})");
}

TEST(OutputEvents, CompletionAudit) {
  OutputEvents events(kEnrolment, kStamp);
  events.certificate_request();
  EXPECT_EQ(events.completion_audit(),
            R"({"actor":{"id":"u1","type":"User"},"eid":"AUDIT","edata":{"props":["status","completedon"],"type":"enrol-complete"},"ver":"3.0",)"
            R"("syncts":1700000000000,"ets":1700000000000,"context":{"channel":"in.sunbird","env":"Course","sid":")" +
                stamp().uuid(1) + R"(","did":")" + stamp().uuid(2) +
                R"(","pdata":{"ver":"3.0","id":"org.sunbird.learning.platform","pid":"course-progress-updater"},)"
                R"("cdata":[{"type":"CourseBatch","id":"b1"},{"type":"Course","id":"do_1"}]},"mid":"LP.AUDIT.)" +
                stamp().uuid(3) + R"(","object":{"id":"u1","type":"User","rollup":{"l1":"do_1"}},"tags":[]})");
}

TEST(OutputEvents, ContentAudits) {
  const auto expected = [](const std::string& edata, unsigned first_id) {
    return R"({"actor":{"id":"u1","type":"User"},"eid":"AUDIT","edata":)" + edata +
           R"(,"ver":"3.0","syncts":1700000000000,"ets":1700000000000,"context":{"channel":"in.sunbird","env":"Course","sid":")" + kStamp.uuid(first_id) +
           R"(","did":")" + kStamp.uuid(first_id + 1) +
           R"(","pdata":{"ver":"3.0","id":"org.sunbird.learning.platform","pid":"course-progress-updater"},)"
           R"("cdata":[{"type":"CourseBatch","id":"b1"}]},"mid":"LP.AUDIT.)" +
           kStamp.uuid(first_id + 2) + R"(","object":{"id":"c1","type":"Content","rollup":{"l1":"do_1"}},"tags":[]})";
  };
  OutputEvents events(kEnrolment, kStamp);
  EXPECT_EQ(events.content_start_audit("c1"), expected(R"({"props":["viewcount"],"type":"start"})", 0));
  EXPECT_EQ(events.content_completion_audit("c1"), expected(R"({"props":["viewcount","completedcount"],"type":"complete"})", 3));
}

TEST(OutputEvents, FailedEvent) {
  EXPECT_EQ(failed_event(kEnrolment, {}), R"({"userId":"u1","batchId":"b1","courseId":"do_1","contents":{}})");
  EXPECT_EQ(failed_event(kEnrolment, {{"c1", 2, 5, 1}, {"c2"}}),
            R"({"userId":"u1","batchId":"b1","courseId":"do_1","contents":{)"
            R"("c1":{"contentId":"c1","status":2,"completedCount":1,"viewCount":5,"fromInput":false,"eventsFor":[]},)"
            R"("c2":{"contentId":"c2","status":1,"completedCount":0,"viewCount":0,"fromInput":false,"eventsFor":[]}}})");
}

TEST(OutputEvents, AFailedEventSaysWhatTheInputWas) {
  const ContentRow both{
      .content_id = "c1", .status = 2, .view_count = 1, .completed_count = 1, .from_input = true, .first_view = true, .first_completion = true};
  EXPECT_EQ(failed_event(kEnrolment, {both}),
            R"({"userId":"u1","batchId":"b1","courseId":"do_1","contents":{)"
            R"("c1":{"contentId":"c1","status":2,"completedCount":1,"viewCount":1,"fromInput":true,"eventsFor":["start","complete"]}}})");
}

TEST(OutputEvents, AreJsonWhateverTheIdsAre) {
  const auto certificate = JsonDocument::parse(OutputEvents(kAwkward, kStamp).certificate_request());
  ASSERT_TRUE(certificate);
  EXPECT_EQ(certificate->root().find("object")->find("id")->text(), "b\n1_do\\1");
  EXPECT_EQ(certificate->root().find("edata")->find("userIds")->items()[0].text(), "u\"1");
  const auto audit = JsonDocument::parse(OutputEvents(kAwkward, kStamp).completion_audit());
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
