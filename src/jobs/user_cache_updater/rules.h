#pragma once

#include <string_view>

#include "core/job.h"
#include "jobs/user_cache_updater/event.h"
#include "jobs/user_cache_updater/options.h"

namespace lernd::user_cache_updater {

/// Names of the job's counters. Source: user-cache-updater.md section 7.
namespace counter {
inline constexpr std::string_view kTotal = "total-audit-events-count";
inline constexpr std::string_view kSkipped = "skipped-message-count";
inline constexpr std::string_view kSucceeded = "success-message-count";
inline constexpr std::string_view kHits = "user-cache-hit";
inline constexpr std::string_view kReads = "api-read-success-count";
inline constexpr std::string_view kMisses = "api-read-miss-count";
}  // namespace counter

/// The change of the user's entry in the cache: what the events say, and the profile as it is now where they ask for it.
///
/// One round of reads, profile and entry together; with the layout `categories` a second one for the framework.
/// Errors     those of `user_read` and `category_codes`; `reject`/`malformed_record` for an id that no service could be asked about. Nothing is written then.
/// Reference  user-cache-updater-2.0, UserCacheUpdaterFunctionV2.processElement and UserMetadataUpdater.execute.
/// Difference user-cache-updater.md sections 9 and 10.
Step advance(const UserAudited& event, const Facts& facts, const Options& options);

/// Only counts, once for each event, whether the user service answered: there is no failed event.
Plan parked(const UserAudited& event, const Facts& facts, const Options& options);

}  // namespace lernd::user_cache_updater
