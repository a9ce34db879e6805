#pragma once

#include <optional>
#include <string_view>

#include "core/job.h"
#include "jobs/service_call.h"
#include "jobs/user_cache_updater/options.h"

namespace lernd::user_cache_updater {

/// The question for the profile of a user.
HttpQuery profile_query(const Options& options, std::string_view user_id);

/// What the user service says of a user. Source: user-cache-updater.md section 4.
struct UserRead {
  enum class Outcome { found, blocked, failed };
  Outcome outcome = Outcome::failed;
  bool readable = false;                  ///< the answer says something, be it that there is no profile
  std::optional<ServiceAnswer> envelope;  ///< holds the profile
  JsonView profile;                       ///< when found
  Error error;                            ///< when failed
  bool own_fault = false;                 ///< the service works, and only has nothing for this user; see Reject
};

/// Reads an answer. The HTTP status plays no part.
///
/// Errors     `reject`/`bad_answer` for a client error: it is the service's last word. `retry`/`not_found` for a user it does not know, as the news of a user
/// may
///            come before the profile; `retry`/`bad_answer` for an answer without a profile, any other response code, and one that cannot be read.
/// Reference  user-cache-updater-2.0, UserMetadataUpdater.getRegisteredUserInfo.
/// Difference an error answer without `params.err` ends its own event only.
UserRead user_read(const HttpAnswer& answer, const Options& options);

}  // namespace lernd::user_cache_updater
