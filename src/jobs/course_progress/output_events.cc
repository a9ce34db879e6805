#include "jobs/course_progress/output_events.h"

#include <fmt/format.h>

#include "core/json.h"

namespace lernd::course_progress {
namespace {

void append_reference(JsonWriter& json, std::string_view type, std::string_view id) {
  json.open_object().name("type").text(type).name("id").text(id).close_object();
}

}  // namespace

std::string certificate_request(const EnrolmentKey& enrolment, const Stamp& stamp) {
  std::string body;
  JsonWriter json(body);
  json.open_object().name("eid").text("BE_JOB_REQUEST").name("ets").integer(stamp.now.ms);
  json.name("mid").text(fmt::format("LP.{}.{}", stamp.now.ms, stamp.uuid(0)));
  json.name("actor").open_object().name("id").text("Course Certificate Generator").name("type").text("System").close_object();
  json.name("context").open_object().name("pdata").open_object().name("ver").text("1.0").name("id").text("org.sunbird.platform").close_object().close_object();
  json.name("object").open_object().name("id").text(enrolment.batch_id + "_" + enrolment.course_id);
  json.name("type").text("CourseCertificateGeneration").close_object();
  json.name("edata").open_object().name("userIds").open_array().text(enrolment.user_id).close_array();
  json.name("action").text("issue-certificate").name("iteration").integer(1).name("trigger").text("auto-issue");
  json.name("batchId").text(enrolment.batch_id).name("reIssue").boolean(false).name("courseId").text(enrolment.course_id).close_object();
  json.close_object();
  return body;
}

std::string completion_audit(const EnrolmentKey& enrolment, const Stamp& stamp) {
  std::string body;
  JsonWriter json(body);
  json.open_object();
  json.name("actor").open_object().name("id").text(enrolment.user_id).name("type").text("User").close_object();
  json.name("eid").text("AUDIT");
  json.name("edata")
      .open_object()
      .name("props")
      .open_array()
      .text("status")
      .text("completedon")
      .close_array()
      .name("type")
      .text("enrol-complete")
      .close_object();
  json.name("ver").text("3.0").name("syncts").integer(stamp.now.ms).name("ets").integer(stamp.now.ms);
  json.name("context").open_object().name("channel").text("in.sunbird").name("env").text("Course");
  json.name("sid").text(stamp.uuid(1)).name("did").text(stamp.uuid(2));
  json.name("pdata").open_object().name("ver").text("3.0").name("id").text("org.sunbird.learning.platform").name("pid").text("course-progress-updater");
  json.close_object();
  json.name("cdata").open_array();
  append_reference(json, "CourseBatch", enrolment.batch_id);
  append_reference(json, "Course", enrolment.course_id);
  json.close_array().close_object();
  json.name("mid").text("LP.AUDIT." + stamp.uuid(3));
  json.name("object").open_object().name("id").text(enrolment.user_id).name("type").text("User");
  json.name("rollup").open_object().name("l1").text(enrolment.course_id).close_object().close_object();
  json.name("tags").open_array().close_array().close_object();
  return body;
}

std::string failed_event(const EnrolmentKey& enrolment, const std::vector<ContentRow>& contents) {
  std::string body;
  JsonWriter json(body);
  json.open_object().name("userId").text(enrolment.user_id).name("batchId").text(enrolment.batch_id).name("courseId").text(enrolment.course_id);
  json.name("contents").open_object();
  for (const ContentRow& content : contents) {
    json.name(content.content_id).open_object().name("contentId").text(content.content_id).name("status").integer(content.status);
    json.name("completedCount").integer(content.completed_count).name("viewCount").integer(content.view_count);
    json.name("fromInput").boolean(false).name("eventsFor").open_array().close_array().close_object();
  }
  json.close_object().close_object();
  return body;
}

}  // namespace lernd::course_progress
