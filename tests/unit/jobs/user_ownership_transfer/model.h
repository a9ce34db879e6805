#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace lernd::user_ownership_transfer {

/// The specification once more, in plain containers and one event at a time, without any code of the job.
struct Model {
  using Json = nlohmann::json;
  enum class State { active, blocked, forbidden, away };
  struct User {
    State state = State::active;
    std::string organisation;
    std::optional<std::string> stored_organisation;  ///< of the table of users
  };
  struct Batch {
    std::optional<std::string> creator;
    std::vector<std::string> mentors;
    bool operator==(const Batch&) const = default;
  };

  bool accepts_deleted = false;
  bool filters_assets = false;
  std::size_t group = 10;
  std::map<std::string, User> users;
  std::map<std::pair<std::string, std::string>, Batch> rows;  ///< by course and batch
  std::map<std::string, Json> documents;                      ///< by batch
  std::set<std::string> searches_away;                        ///< `createdBy`, `mentors`
  std::map<std::string, std::uint64_t> counters;              ///< but for that of all events

  /// False when the event ends in an error.
  bool take(const Json& event);

 private:
  enum class Verdict { passes, fails, error };
  Verdict check(const std::string& user, const std::string& organisation, bool is_old);
  std::vector<std::pair<std::string, std::string>> find(const std::string& field, const std::string& user) const;
  void count(const std::string& name, std::uint64_t n = 1);
};

}  // namespace lernd::user_ownership_transfer
