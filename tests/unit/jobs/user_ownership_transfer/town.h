#pragma once

#include <gtest/gtest.h>

#include <compare>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/job.h"
#include "jobs/user_ownership_transfer/event.h"
#include "jobs/user_ownership_transfer/options.h"
#include "jobs/user_ownership_transfer/rules.h"
#include "unit/jobs/rules_run.h"

namespace lernd::user_ownership_transfer {

using Json = nlohmann::json;
using Settings = std::vector<std::pair<std::string, std::string>>;

/// The shipped options with both services, and what a test sets besides.
OptionValues values_of(const Settings& settings = {});
inline Options options_of(const Settings& settings = {}) { return options_from(values_of(settings)); }

/// A request of the user service.
struct Ordered {
  std::string from = "from";
  std::string to = "to";
  std::string organisation = "org";
  std::string mid = "m1";
  std::string context = "User Deletion";
  Json asset = Json::object();

  Json json() const;
  Record record() const;
};

/// The event in a record that is one.
Transfer event_of(const Ordered& ordered);

/// A row of the table of course batches: creator and mentors.
struct Row {
  std::optional<std::string> creator;
  std::vector<std::string> mentors;
  bool operator==(const Row&) const = default;
};
using RowKey = std::pair<std::string, std::string>;  ///< course and batch

HttpAnswer account_answer(const std::string& user, const std::string& organisation);
HttpAnswer blocked_answer();

/// What the services, the table and the index hold, in plain containers. Knows the addresses and the forms, and nothing of the rules.
struct Town {
  std::map<std::string, HttpAnswer> accounts;    ///< by id as it stands in the address; others are not found
  std::map<std::string, std::string> user_rows;  ///< organisation by id
  std::map<RowKey, Row> rows;
  std::map<std::string, Json> documents;  ///< by id
  std::size_t page = 30;                  ///< entries that the search gives at once
  std::size_t uncounted = 0;              ///< so many more the search counts than there are
  std::vector<Json> more_entries;         ///< that the search for created batches lists first
  bool ignores_offset = false;
  std::map<std::string, HttpAnswer> search_answers;  ///< `created` and `mentored`: given in place of a listing

  std::vector<std::string> calls;  ///< accounts by id, searches as `created@0`
  int rounds = 0;

  /// A user of the organisation `org`.
  void add_user(const std::string& id, const std::string& organisation = "org");
  /// A batch in table and index alike.
  void add_batch(const std::string& course, const std::string& batch, const std::string& creator, const std::vector<std::string>& mentors = {}, int status = 1);

  /// Runs the rules to their end.
  Step run(const Transfer& event, const Options& options, Facts* facts = nullptr);
  /// Runs them and carries the plan out; fails the test when there is none.
  Plan carry_out(const Transfer& event, const Options& options);
  /// Carries out the first `stages` stages.
  void apply(const Plan& plan, std::size_t stages = 100);

 private:
  void answer(const Ask& ask, Facts& facts);
  HttpAnswer call(const HttpQuery& query);
  HttpAnswer search(const Json& request);
  Rows rows_for(const RowsQuery& query) const;
};

/// A town with the users `from` and `to` of `org`.
Town town();

/// The texts of remarks of this kind.
std::vector<std::string> remarks_in(const Plan& plan, const std::string& what);

}  // namespace lernd::user_ownership_transfer
