#pragma once

#include <string>
#include <string_view>

#include "core/facts.h"

namespace lernd::user_deletion_cleanup {

/// The short name of the identity provider, for metrics and messages.
inline constexpr std::string_view kIdentityProvider = "keycloak";

/// A Keycloak whose realm holds the platform's users, and the client that may change them.
struct IdentityProvider {
  std::string base;  ///< no slash behind
  std::string realm;
  std::string client_id;
  std::string client_secret;
  std::string provider_id;
};

/// What became of a user's credentials.
struct CredentialRemoval {
  bool removed = false;
  std::string_view step;  ///< the call that failed last: `token`, `delete`, `update`
  int status = 0;         ///< what it was answered with; 0: nothing
};

/// Deletes a user's account with the identity provider; one that cannot be deleted is emptied and disabled. What is missing is put into `ask`.
///
/// Calls change something elsewhere, so they are asked for last. An account that is not there (404) is no success: it may be gone, and may as well be known
/// under another provider id. A token is used for three quarters of a minute, and got anew when it is refused; what succeeded is remembered for ten minutes, so
/// that an event which is decided once more does not delete twice.
/// Errors     none: an identity provider that fails or is away never stops the rest.
/// Reference  user-deletion-cleanup, UserDeletionCleanupFunction.removeEntryFromKeycloak.
CredentialRemoval remove_credentials(const IdentityProvider& provider, const std::string& user_id, const Facts& facts, Ask& ask);

}  // namespace lernd::user_deletion_cleanup
