#pragma once

#include <string_view>

/// Names of the job's counters. Source: merge-user-courses.md section 11; the last two are additions (its weaknesses W8 and W13).
namespace lernd::merge_user_courses::counter {

inline constexpr std::string_view kTotal = "total-events-count";
inline constexpr std::string_view kSuccess = "success-events-count";
inline constexpr std::string_view kSkipped = "skipped-event-count";
inline constexpr std::string_view kFailed = "failed-events-count";
inline constexpr std::string_view kSynced = "db-update-user-course-batch";
inline constexpr std::string_view kShared = "shared-enrolment-count";
inline constexpr std::string_view kUnreadableDates = "unreadable-date-count";

}  // namespace lernd::merge_user_courses::counter
