#pragma once

#include <optional>

#include "core/job.h"
#include "core/json.h"
#include "jobs/user_deletion_cleanup/event.h"
#include "jobs/user_deletion_cleanup/options.h"

namespace lernd::user_deletion_cleanup {

/// What the tables hold of a user and of the profiles he managed, as far as it matters. The rows are parts of the facts.
struct StoredUser {
  const Rows* user = nullptr;        ///< one row or none
  const Rows* membership = nullptr;  ///< in the event's organisation: one row or none
  const Rows* identities = nullptr;  ///< null where they were not asked for
  std::vector<std::string> managed;  ///< those of the event that have a row
};

/// What is missing is put into `ask`; the result is then nothing.
std::optional<StoredUser> stored_user(const Deletion& event, bool with_identities, const Facts& facts, const Options& options, Ask& ask);

/// The writes of each step. Source: user-deletion-cleanup.md section 3.

/// The user leaves the organisation. Only of a membership that is there.
RowWrite membership_end(const Deletion& event, const Options& options, Timestamp now);
/// A profile becomes that of a deleted user.
RowWrite blanked_profile(const std::string& user_id, const Options& options);
/// By what the table says of the user, and by what the user service says of him (`account`).
std::vector<RowWrite> lookup_removals(const Rows::Row& user, JsonView account, const Options& options);
std::vector<RowWrite> identity_removals(const std::string& user_id, const Rows& identities, const Options& options);
/// One group for each server.
std::vector<CacheGroup> cache_removals(const std::string& user_id, const Options& options);

/// A point in time as the user service writes it: `2024-05-01 10:15:30:123+0000`.
std::string date_text(Timestamp time);

}  // namespace lernd::user_deletion_cleanup
