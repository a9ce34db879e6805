#include "jobs/course_progress/output_events.h"

#include <fmt/format.h>

#include "core/json.h"

namespace lernd::course_progress {
namespace {

void append_reference(JsonWriter& json, std::string_view type, std::string_view id) {
  json.open_object().name("type").text(type).name("id").text(id).close_object();
}

}  // namespace

/// What one audit event has and others have not.
struct OutputEvents::Audit {
  std::string_view type;
  std::vector<std::string_view> props;
  bool about_course = false;  ///< the course is among the correlated things
  std::string_view object_id;
  std::string_view object_type;
};

std::string OutputEvents::certificate_request() {
  std::string body;
  JsonWriter json(body);
  json.open_object().name("eid").text("BE_JOB_REQUEST").name("ets").integer(stamp_.now.ms);
  json.name("mid").text(fmt::format("LP.{}.{}", stamp_.now.ms, uuid()));
  json.name("actor").open_object().name("id").text("Course Certificate Generator").name("type").text("System").close_object();
  json.name("context").open_object().name("pdata").open_object().name("ver").text("1.0").name("id").text("org.sunbird.platform").close_object().close_object();
  json.name("object").open_object().name("id").text(enrolment_.batch_id + "_" + enrolment_.course_id);
  json.name("type").text("CourseCertificateGeneration").close_object();
  json.name("edata").open_object().name("userIds").open_array().text(enrolment_.user_id).close_array();
  json.name("action").text("issue-certificate").name("iteration").integer(1).name("trigger").text("auto-issue");
  json.name("batchId").text(enrolment_.batch_id).name("reIssue").boolean(false).name("courseId").text(enrolment_.course_id).close_object();
  json.close_object();
  return body;
}

std::string OutputEvents::completion_audit() {
  return audit({.type = "enrol-complete", .props = {"status", "completedon"}, .about_course = true, .object_id = enrolment_.user_id, .object_type = "User"});
}

std::string OutputEvents::content_start_audit(std::string_view content_id) {
  return audit({.type = "start", .props = {"viewcount"}, .object_id = content_id, .object_type = "Content"});
}

std::string OutputEvents::content_completion_audit(std::string_view content_id) {
  return audit({.type = "complete", .props = {"viewcount", "completedcount"}, .object_id = content_id, .object_type = "Content"});
}

std::string OutputEvents::audit(const Audit& what) {
  std::string body;
  JsonWriter json(body);
  json.open_object();
  json.name("actor").open_object().name("id").text(enrolment_.user_id).name("type").text("User").close_object();
  json.name("eid").text("AUDIT");
  json.name("edata").open_object().name("props").open_array();
  for (const auto prop : what.props) json.text(prop);
  json.close_array().name("type").text(what.type).close_object();
  json.name("ver").text("3.0").name("syncts").integer(stamp_.now.ms).name("ets").integer(stamp_.now.ms);
  json.name("context").open_object().name("channel").text("in.sunbird").name("env").text("Course");
  json.name("sid").text(uuid()).name("did").text(uuid());
  json.name("pdata").open_object().name("ver").text("3.0").name("id").text("org.sunbird.learning.platform").name("pid").text("course-progress-updater");
  json.close_object();
  json.name("cdata").open_array();
  append_reference(json, "CourseBatch", enrolment_.batch_id);
  if (what.about_course) append_reference(json, "Course", enrolment_.course_id);
  json.close_array().close_object();
  json.name("mid").text("LP.AUDIT." + uuid());
  json.name("object").open_object().name("id").text(what.object_id).name("type").text(what.object_type);
  json.name("rollup").open_object().name("l1").text(enrolment_.course_id).close_object().close_object();
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
    json.name("fromInput").boolean(content.from_input).name("eventsFor").open_array();
    if (content.first_view) json.text("start");
    if (content.first_completion) json.text("complete");
    json.close_array().close_object();
  }
  json.close_object().close_object();
  return body;
}

}  // namespace lernd::course_progress
