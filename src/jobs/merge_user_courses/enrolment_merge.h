#pragma once

#include <string>
#include <vector>

#include "core/plan.h"
#include "core/table.h"
#include "jobs/course_progress/enrolment_key.h"

namespace lernd::merge_user_courses {

/// What becomes of the target's enrolments.
struct EnrolmentMerge {
  std::vector<RowWrite> copies;                          ///< of those the target lacks; all of one partition
  std::vector<course_progress::EnrolmentKey> of_target;  ///< all that it has afterwards, in clustering order
  std::vector<course_progress::EnrolmentKey> shared;     ///< of the target; that both have, and that stay as they are
};

/// Source     merge-user-courses.md section 7.
/// Reference  merge-user-courses, MergeOperations.mergeEnrolments; with the difference C5.
EnrolmentMerge merge_enrolments(const TableName& table, const Rows& source, const Rows& target, const std::string& target_id);

/// The courses of some enrolments, each once.
std::vector<std::string> courses_of(const Rows& enrolments);

}  // namespace lernd::merge_user_courses
