#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "app/config_file.h"
#include "app/fault.h"
#include "app/option_table.h"
#include "core/options.h"

namespace lernd {

/// Where values come from. Later ones win: default, file, environment (secrets only), `set`.
struct OptionSources {
  const ConfigFile* file = nullptr;        ///< null for none
  std::map<std::string, std::string> set;  ///< from the command line
  std::function<std::optional<std::string>(const std::string&)> environment;
};

/// Every option with its value, and everything that is wrong with them. An option with a fault has its default, so that the others can still be looked at.
struct ResolvedOptions {
  OptionValues values;
  std::map<std::string, std::string, std::less<>> where;  ///< of the options that were set: where that was
  Faults faults;
  std::set<std::string> faulty;  ///< options whose value is wrong
};

/// Finds the value of every option and checks it: type, bounds, choices, and what its role asks for. `{env}` in a default becomes the value of `job.env`.
///
/// A secret `x` may instead be given as `x_file`, the name of a file that holds it, or in the environment as `environment_name(x)`.
ResolvedOptions resolve_options(const OptionTable& table, const OptionSources& sources);

/// Adds what the job finds wrong with its options taken together, unless there are faults already.
void check_together(const JobDescription& job, ResolvedOptions& resolved);

/// `lernd.cassandra.password` → `LERND_CASSANDRA_PASSWORD`, `redis.password` → `LERND_REDIS_PASSWORD`.
std::string environment_name(std::string_view option);

/// Keys of a file that no option of these tables goes by, each with its place and the nearest known name.
struct UnknownKey {
  std::string key;
  Fault fault;
};
std::vector<UnknownKey> unknown_keys(const ConfigFile& file, std::span<const OptionTable* const> tables);

/// The process environment, for `OptionSources::environment`.
std::optional<std::string> process_environment(const std::string& name);

/// A value as it may be shown: secrets as `***`.
std::string shown(const Option& option, const std::string& value);

}  // namespace lernd
