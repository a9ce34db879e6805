#pragma once

#include <array>
#include <string_view>

/// Names of the counters that the course progress jobs share. Source: enrolment-reconciliation.md section 8.
namespace lernd::course_progress::counter {

inline constexpr std::string_view kTotal = "total-events-count";
inline constexpr std::string_view kSkipped = "skipped-events-count";
inline constexpr std::string_view kFailed = "failed-events-count";
inline constexpr std::string_view kRetired = "retired-consumption-events-count";
inline constexpr std::string_view kReads = "db-read-count";
inline constexpr std::string_view kUpdates = "db-update-count";
inline constexpr std::string_view kCacheHits = "cache-hit-count";
inline constexpr std::string_view kCacheMisses = "cache-miss-count";
inline constexpr std::string_view kCompleted = "enrolment-complete-count";
inline constexpr std::string_view kCertificates = "cert-issue-events-count";

/// All of them.
inline constexpr std::array kShared = {kTotal, kSkipped, kFailed, kRetired, kReads, kUpdates, kCacheHits, kCacheMisses, kCompleted, kCertificates};

}  // namespace lernd::course_progress::counter
