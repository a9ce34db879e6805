#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace lernd {

/// One place where something else was found than a case expects. `place` reads like a path: `topics kafka.output.audit.topic [0] edata.type`.
struct Difference {
  std::string place;
  std::string expected;
  std::string found;
  bool operator==(const Difference&) const = default;
};

using Differences = std::vector<Difference>;

/// Compares JSON with what a case expects, matchers included.
///
/// A point in time of a table cell stands in the found JSON as `timestamp_json`, so that `$epoch_ms` in such a column is not content with any text.
/// Source: cases/README.md, "Matchers".
class Matcher {
 public:
  enum class Objects { exact, subset };

  /// `now_ms` is the time around which `$epoch_ms` accepts.
  explicit Matcher(std::int64_t now_ms) : now_ms_(now_ms) {}

  /// Appends every difference.
  void compare(const nlohmann::json& expected, const nlohmann::json& found, const std::string& place, Differences& differences,
               Objects objects = Objects::exact) const;
  bool matches(const nlohmann::json& expected, const nlohmann::json& found) const;

 private:
  bool scalar_matches(const nlohmann::json& expected, const nlohmann::json& found) const;
  bool text_matches(const std::string& expected, const nlohmann::json& found) const;
  bool near_now(std::int64_t ms) const;

  std::int64_t now_ms_;
};

nlohmann::json timestamp_json(std::int64_t ms);

/// JSON as it is shown in differences: points in time readable, long values cut.
std::string shown_json(const nlohmann::json& value);

}  // namespace lernd
