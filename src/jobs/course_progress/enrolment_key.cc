#include "jobs/course_progress/enrolment_key.h"

#include <fmt/format.h>

#include "jobs/job_request.h"

namespace lernd::course_progress {

std::expected<EnrolmentKey, Skip> enrolment_in(JsonView edata) {
  EnrolmentKey enrolment;
  for (const auto& [name, id] : {std::pair{"userId", &enrolment.user_id}, {"courseId", &enrolment.course_id}, {"batchId", &enrolment.batch_id}}) {
    const auto text = id_in(edata, name);
    if (!text) return not_for_this_job(std::string("edata.") + name + " is missing, blank or not a string");
    *id = *text;
  }
  return enrolment;
}

std::string described(const EnrolmentKey& enrolment) {
  return fmt::format("user {}, course {}, batch {}", enrolment.user_id, enrolment.course_id, enrolment.batch_id);
}

std::string order_key(const EnrolmentKey& enrolment) { return enrolment.user_id + '\x1f' + enrolment.course_id + '\x1f' + enrolment.batch_id; }

}  // namespace lernd::course_progress
