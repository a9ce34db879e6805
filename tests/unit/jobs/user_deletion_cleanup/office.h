#pragma once

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/job.h"
#include "jobs/user_deletion_cleanup/event.h"
#include "jobs/user_deletion_cleanup/options.h"
#include "jobs/user_deletion_cleanup/rules.h"
#include "unit/jobs/rules_run.h"

namespace lernd::user_deletion_cleanup {

using Json = nlohmann::json;
using Settings = std::vector<std::pair<std::string, std::string>>;

/// The shipped options with a user service, and what a test sets besides.
OptionValues values_of(const Settings& settings = {});
inline Options options_of(const Settings& settings = {}) { return options_from(values_of(settings)); }
/// The settings of a Keycloak.
Settings keycloak(Settings more = {});

/// An event of the user service.
struct Deleted {
  std::string user = "u1";
  std::string organisation = "org";
  Json managed = Json::array();

  Json json() const;
  Record record() const;
};

/// The event in a record that is one.
Deletion event_of(const Deleted& deleted);

HttpAnswer account_answer(const Json& account);
HttpAnswer blocked_answer();

/// What the services, the tables and the caches hold, in plain containers. Knows the addresses and the deployed names, and nothing of the rules.
struct Office {
  using Row = std::map<std::string, Value>;

  std::map<std::string, HttpAnswer> accounts;      ///< by id; others are not found
  std::map<std::string, std::vector<Row>> tables;  ///< by name, in keyspace `sunbird`
  std::map<CacheId, std::set<std::string>> caches;

  std::set<std::string> credentials;   ///< users that Keycloak knows
  std::set<std::string> emptied;       ///< of these, those whose account is emptied and disabled
  std::map<std::string, int> failing;  ///< status by method that Keycloak answers with, `TOKEN` for the token; 0: it is away
  int token_life = 300;
  int tokens = 0;          ///< given so far
  int refused_tokens = 0;  ///< so many of the first tokens are no good
  bool dry_run = false;

  std::vector<std::string> calls;  ///< method and path

  /// A user of `org` with a row, a membership, look-ups, an external identity, a cached copy and credentials.
  void add_user(const std::string& id, int status = 1);

  /// Runs the rules to their end.
  Step run(const Deletion& event, const Options& options, Facts* facts = nullptr);
  /// Runs them and carries the plan out; fails the test when there is none.
  Plan carry_out(const Deletion& event, const Options& options);
  /// Carries out the first `stages` stages.
  void apply(const Plan& plan, std::size_t stages = 100);

  const Row* find(const std::string& table, const Row& key) const;
  std::string text(const std::string& table, const Row& key, const std::string& column) const;
  std::size_t rows_of(const std::string& table, const std::string& user) const;

 private:
  void answer(const Ask& ask, Facts& facts);
  HttpAnswer call(const HttpQuery& query);
  HttpAnswer call_keycloak(const HttpQuery& query, const std::string& path);
  Rows rows_for(const RowsQuery& query) const;
};

/// The rows of a table without order.
std::map<std::string, std::vector<Office::Row>> sorted(std::map<std::string, std::vector<Office::Row>> tables);

std::vector<std::string> remarks_in(const Plan& plan);

}  // namespace lernd::user_deletion_cleanup
