#pragma once

#include <expected>
#include <string>

#include "core/job.h"
#include "core/json.h"

namespace lernd::course_progress {

/// One learner in one batch of one course: what an enrolment is.
struct EnrolmentKey {
  std::string user_id;
  std::string course_id;
  std::string batch_id;
  bool operator==(const EnrolmentKey&) const = default;
};

/// The enrolment that `userId`, `courseId` and `batchId` of a request name. Skips a request in which one of them is missing, blank or not a string.
std::expected<EnrolmentKey, Skip> enrolment_in(JsonView edata);

/// `user …, course …, batch …`, for people.
std::string described(const EnrolmentKey& enrolment);

/// The order key of everything that happens to one enrolment.
std::string order_key(const EnrolmentKey& enrolment);

}  // namespace lernd::course_progress
