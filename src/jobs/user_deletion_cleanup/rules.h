#pragma once

#include <string_view>

#include "core/job.h"
#include "jobs/user_deletion_cleanup/event.h"
#include "jobs/user_deletion_cleanup/options.h"

namespace lernd::user_deletion_cleanup {

/// Names of the job's counters. Source: user-deletion-cleanup.md section 6; the last three are there and never move.
namespace counter {
inline constexpr std::string_view kTotal = "total-delete-events-count";
inline constexpr std::string_view kSkipped = "skipped-message-count";
inline constexpr std::string_view kAccountsRead = "api-read-success-count";
inline constexpr std::string_view kSucceeded = "success-message-count";
inline constexpr std::string_view kMissed = "api-read-miss-count";
inline constexpr std::string_view kWritten = "db-update-success-count";
}  // namespace counter

/// What is left of a deleted user is removed: membership, profile, look-ups, external identities, the copy in the cache, the profiles he managed, and, before
/// anything is written, his credentials.
///
/// One round for the account, one for rows, and up to five for the credentials.
/// Errors     those of `account_read`; `retry`/`not_found`, the event's own fault, for a user without a row. Nothing is written then.
/// Reference  user-deletion-cleanup, UserDeletionCleanupFunction.processElement.
/// Difference user-deletion-cleanup.md sections 2, 3, 5 and 8.6: the profile is blanked last.
Step advance(const Deletion& event, const Facts& facts, const Options& options, const Stamp& stamp);

/// Only counts whether the user service answered: there is no failed event.
Plan parked(const Deletion& event, const Facts& facts, const Options& options);

}  // namespace lernd::user_deletion_cleanup
