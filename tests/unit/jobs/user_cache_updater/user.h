#pragma once

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/job.h"
#include "jobs/user_cache_updater/event.h"
#include "jobs/user_cache_updater/options.h"
#include "jobs/user_cache_updater/rules.h"
#include "unit/jobs/rules_run.h"

namespace lernd::user_cache_updater {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// The shipped options with a user service, and what a test sets besides.
OptionValues values_of(const Settings& settings = {});
inline Options options_of(const Settings& settings = {}) { return options_from(values_of(settings)); }
/// The same for the layout `categories`.
Settings categories(Settings more = {});

/// An audit event as the user service sends it.
struct Audit {
  std::string user = "u1";
  std::string state = "Update";
  std::string producer = "learner-service";
  std::vector<std::pair<std::string, std::string>> context = {};  ///< type and id

  nlohmann::json json() const;
  Record record() const;
};

/// The answer of the user service with this profile, and one with a response code and `params.err`.
HttpAnswer answer_with(const nlohmann::json& profile);
HttpAnswer error_answer(const std::string& code, const std::string& err);
HttpAnswer framework_answer(const std::vector<std::string>& codes);

/// What the services and the cache hold, in plain containers. Knows the addresses and nothing of the rules.
struct Services {
  std::map<std::string, HttpAnswer> users;                            ///< by id; others are not found
  std::map<std::string, HttpAnswer> frameworks;                       ///< by id; others are not found
  std::map<std::string, std::map<std::string, std::string>> entries;  ///< by key
  int profile_reads = 0;

  /// Runs the rules to their end.
  Step run(const UserAudited& event, const Options& options, Facts* facts = nullptr);
  /// Runs them and carries the plan out; fails the test when there is none.
  Plan carry_out(const UserAudited& event, const Options& options);
  void apply(const Plan& plan);

 private:
  void answer(const Ask& ask, Facts& facts);
};

/// The event in a record that is one.
UserAudited event_of(const Audit& audit, const Options& options);
/// Events of one user as the runtime folds them; fails the test when they cannot be.
UserAudited folded(const std::vector<Audit>& audits, const Options& options);

}  // namespace lernd::user_cache_updater
