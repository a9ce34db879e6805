#pragma once

#include <string_view>

#include "core/job.h"
#include "jobs/user_ownership_transfer/event.h"
#include "jobs/user_ownership_transfer/options.h"

namespace lernd::user_ownership_transfer {

/// Names of the job's counters. Source: user-ownership-transfer.md section 8.
namespace counter {
inline constexpr std::string_view kTotal = "total-transfer-events-count";
inline constexpr std::string_view kSkipped = "skipped-message-count";
inline constexpr std::string_view kAccountsRead = "api-read-success-count";
inline constexpr std::string_view kGroupsWritten = "db-update-success-count";
inline constexpr std::string_view kSucceeded = "success-message-count";
}  // namespace counter

/// The course batches of one user become another's: rows first, then documents, after everything is read.
///
/// One round for the account of each of the two, then the pages of the search for created batches, then those for mentored ones, then all rows and documents.
/// Errors     those of `check_users` and `list_batches`; nothing is written then.
/// Reference  user-ownership-transfer, UserOwnershipTransferFunction.processElement.
/// Difference user-ownership-transfer.md sections 3 to 10.
Step advance(const Transfer& event, const Facts& facts, const Options& options);

/// Counts the accounts that were read, and says in the log why the event is not done: there is no failed event.
Plan parked(const Transfer& event, const Facts& facts, const Error& error, const Options& options);

}  // namespace lernd::user_ownership_transfer
