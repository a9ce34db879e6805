#pragma once

#include <string>
#include <string_view>

#include "core/job.h"
#include "jobs/course_progress/enrolment_key.h"

namespace lernd::merge_user_courses {

/// The bodies of the events, as JSON. Source: merge-user-courses.md section 8.

/// Says that an enrolment's progress must be computed anew. `id` is the number of the stamp's id to take.
///
/// `batch-enrolment-sync` is the reference's event, with the members to be reset; `user-enrolment-sync` is what enrolment-reconciliation takes.
std::string sync_event(const course_progress::EnrolmentKey& enrolment, std::string_view action, const Stamp& stamp, unsigned id);

inline constexpr std::string_view kBatchSync = "batch-enrolment-sync";
inline constexpr std::string_view kUserSync = "user-enrolment-sync";

/// What the failed topic gets of a message that cannot be merged: `error` is a text without personal data.
std::string failed_event(std::string_view error);

/// The text of the failed event of a message that is skipped.
inline constexpr std::string_view kSkippedError = "ERR_MERGE_USER_COURSES_SAMZA";

}  // namespace lernd::merge_user_courses
