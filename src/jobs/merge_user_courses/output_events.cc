#include "jobs/merge_user_courses/output_events.h"

#include <fmt/format.h>

#include "core/json.h"

namespace lernd::merge_user_courses {

std::string sync_event(const course_progress::EnrolmentKey& enrolment, std::string_view action, const Stamp& stamp, unsigned id) {
  std::string body;
  JsonWriter json(body);
  json.open_object().name("eid").text("BE_JOB_REQUEST").name("ets").integer(stamp.now.ms);
  json.name("mid").text(fmt::format("LP.{}.{}", stamp.now.ms, stamp.uuid(id)));
  json.name("actor").open_object().name("id").text("Course Batch Updater").name("type").text("System").close_object();
  json.name("context").open_object().name("pdata").open_object().name("ver").text("1.0").name("id").text("org.sunbird.platform").close_object().close_object();
  json.name("object").open_object().name("id").text(enrolment.batch_id + "_" + enrolment.user_id).name("type").text("CourseBatchEnrolment").close_object();
  json.name("edata").open_object().name("action").text(action).name("iteration").integer(1);
  json.name("batchId").text(enrolment.batch_id).name("userId").text(enrolment.user_id).name("courseId").text(enrolment.course_id);
  if (action == kBatchSync) json.name("reset").open_array().text("completionPercentage").text("status").text("progress").close_array();
  json.close_object().close_object();
  return body;
}

std::string failed_event(std::string_view error) {
  std::string body;
  JsonWriter json(body);
  json.open_object().name("jobName").text("MergeUserCourses");
  json.name("failInfo").open_object().name("errorCode").text("DATA_ERROR").name("error").text(error).close_object().close_object();
  return body;
}

}  // namespace lernd::merge_user_courses
