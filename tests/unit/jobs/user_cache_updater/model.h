#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace lernd::user_cache_updater {

/// The specification once more, in plain containers and one event at a time, without any code of the job.
struct Model {
  using Json = nlohmann::json;
  using Entry = std::map<std::string, std::string>;

  bool categories = false;
  std::map<std::string, Json> answers;                         ///< body of the user service by user id
  std::map<std::string, std::vector<std::string>> frameworks;  ///< codes by framework id
  std::map<std::string, Entry> entries;                        ///< by key
  std::map<std::string, std::uint64_t> counters;               ///< but for that of all events

  /// False when the event ends in an error.
  bool take(const Json& event);

 private:
  Entry profile_fields(const Json& profile) const;
  void remove(Entry& entry, const Entry& fields) const;
};

}  // namespace lernd::user_cache_updater
