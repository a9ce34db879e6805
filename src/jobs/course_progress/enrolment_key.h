#pragma once

#include <string>

namespace lernd::course_progress {

/// One learner in one batch of one course: what an enrolment is.
struct EnrolmentKey {
  std::string user_id;
  std::string course_id;
  std::string batch_id;
  bool operator==(const EnrolmentKey&) const = default;
};

}  // namespace lernd::course_progress
