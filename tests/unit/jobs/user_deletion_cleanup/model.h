#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace lernd::user_deletion_cleanup {

/// The specification once more, in plain containers and one event at a time, without any code of the job.
struct Model {
  using Json = nlohmann::json;
  enum class Answer { account, no_json, bad_request, refused, away };
  struct Account {
    Answer answer = Answer::refused;
    Json shown;  ///< `result.response`
  };
  struct User {
    std::optional<std::string> root;
    std::optional<int> status;
    std::map<std::string, std::string> texts;  ///< by column
    bool operator==(const User&) const = default;
  };

  std::map<std::string, Account> accounts;
  std::map<std::string, User> users;
  std::map<std::pair<std::string, std::string>, bool> memberships;     ///< by user and organisation: whether it has ended
  std::map<std::pair<std::string, std::string>, std::string> lookups;  ///< user by type and value
  std::map<std::string, std::set<std::string>> identities;             ///< types by user
  std::set<std::string> cached;                                        ///< users
  std::set<std::string> credentials;                                   ///< users
  std::map<std::string, std::uint64_t> counters;                       ///< but for that of all events
  std::vector<std::pair<std::string, bool>> audits;                    ///< user, and whether his credentials went

  /// False when the event ends in an error.
  bool take(const Json& event);

 private:
  void blank(const std::string& id);
};

}  // namespace lernd::user_deletion_cleanup
