#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ask.h"
#include "core/job_description.h"
#include "core/options.h"
#include "jobs/user_deletion_cleanup/credentials.h"

namespace lernd::user_deletion_cleanup {

/// What an operator can set, resolved. Meanings and defaults: `option_table`.
struct Options {
  TableName users;
  TableName memberships;
  TableName lookups;
  TableName identities;
  std::vector<CacheId> caches;  ///< every server that may hold a copy of a profile, each once
  std::string user_url;         ///< the id of a user is appended
  std::string audit_topic;      ///< empty: no audit event
  std::optional<IdentityProvider> identity_provider;
};

/// The job's rows of the option table. Source: user-deletion-cleanup.md section 7.
std::vector<Option> option_table();

/// A user service without an address.
std::vector<OptionFault> check(const OptionValues& values);

Options options_from(const OptionValues& values);

/// The servers that may hold a copy of a profile, whether or not two of them are one.
std::vector<CacheId> caches(const OptionValues& values);

/// The services that are called with these values, by the options that say where they are.
std::vector<ServiceUse> services(const OptionValues& values);

}  // namespace lernd::user_deletion_cleanup
