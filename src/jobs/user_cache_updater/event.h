#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "core/job.h"
#include "jobs/user_cache_updater/options.h"

namespace lernd::user_cache_updater {

/// What one audit event says of a user besides that the profile may have changed.
struct Change {
  bool wanted = true;                  ///< false: the event tells of a state that is of no interest here
  bool passed_by = false;              ///< it comes from a user service, but not from the one whose events make the job read the profile
  std::optional<std::string> sign_up;  ///< how the user signed up, as the event calls it
  std::optional<std::string> role;     ///< as what the user logged in
};

/// Audit events of one user, in their order, that all ask for the profile or all do not. Source: user-cache-updater.md sections 2 and 3.
struct UserAudited : Event {
  std::string user_id;
  bool reads_profile = false;
  std::vector<Change> changes;
};

/// The event that says nothing but that the profile may have changed. What the rules answer brings the entry up to date, whatever was there.
UserAudited profile_changed(std::string user_id);

/// Reads a record. Skips what is no JSON object (as a dead letter; text behind the object is ignored), what is about no user, and what tells of no state.
std::expected<UserAudited, Skip> read(const Record& record, const Options& options);

}  // namespace lernd::user_cache_updater
