#include "app/vectors/matcher.h"

#include <charconv>
#include <chrono>
#include <regex>

#include "app/vectors/table_json.h"

namespace lernd {
namespace {

using nlohmann::json;

constexpr std::string_view kTimestamp = "$timestamp";
constexpr std::string_view kUuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
constexpr std::size_t kShownMax = 400;

bool is_timestamp(const json& value) { return value.is_object() && value.size() == 1 && value.contains(kTimestamp); }

std::string child(const std::string& place, const std::string& name) { return place.empty() || place.ends_with(' ') ? place + name : place + "." + name; }

/// The regular expression of a text in which `$epoch_ms` and `$uuid` may stand anywhere. Every `$epoch_ms` is a group.
std::string expression_of(const std::string& text) {
  std::string expression;
  for (std::size_t i = 0; i < text.size();) {
    if (text.compare(i, 9, "$epoch_ms") == 0) {
      expression += "([0-9]{1,15})";
      i += 9;
    } else if (text.compare(i, 5, "$uuid") == 0) {
      expression += kUuid;
      i += 5;
    } else {
      if (std::string_view("\\^$.|?*+()[]{}").contains(text[i])) expression += '\\';
      expression += text[i++];
    }
  }
  return expression;
}

/// A regular expression of a case. One that cannot be read matches nothing; the loader has refused it before.
bool regex_matches(const std::string& expression, const std::string& text, std::smatch* groups = nullptr) {
  try {
    std::smatch found;
    const bool matched = std::regex_match(text, found, std::regex(expression, std::regex::ECMAScript));
    if (groups != nullptr) *groups = std::move(found);
    return matched;
  } catch (const std::regex_error&) {
    return false;
  }
}

}  // namespace

json timestamp_json(std::int64_t ms) { return json{{kTimestamp, ms}}; }

bool Matcher::near_now(std::int64_t ms) const {
  constexpr std::int64_t kTolerance = std::chrono::milliseconds(std::chrono::minutes(10)).count();
  return ms >= now_ms_ - kTolerance && ms <= now_ms_ + kTolerance;
}

bool Matcher::text_matches(const std::string& expected, const json& found) const {
  if (expected == "$any") return !found.is_null();
  if (expected == "$epoch_ms") {
    if (is_timestamp(found)) return near_now(found[kTimestamp].get<std::int64_t>());
    return found.is_number_integer() && near_now(found.get<std::int64_t>());
  }
  if (is_timestamp(found)) {
    const auto ms = parse_timestamp(expected);
    return ms && *ms == found[kTimestamp].get<std::int64_t>();
  }
  if (!found.is_string()) return false;
  const auto& text = found.get_ref<const std::string&>();
  if (expected.starts_with("$regex:")) return regex_matches(expected.substr(7), text);
  if (!expected.contains("$epoch_ms") && !expected.contains("$uuid")) return expected == text;
  // The groups point into the text, so it has to outlive them.
  std::smatch groups;
  if (!regex_matches(expression_of(expected), text, &groups)) return false;
  for (std::size_t i = 1; i < groups.size(); ++i) {
    const std::string digits = groups[i];
    std::int64_t ms = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), ms);
    if (!near_now(ms)) return false;
  }
  return true;
}

bool Matcher::scalar_matches(const json& expected, const json& found) const {
  if (expected.is_string()) return text_matches(expected.get_ref<const std::string&>(), found);
  return expected == found;  // Numbers compare by value.
}

void Matcher::compare(const json& expected, const json& found, const std::string& place, Differences& differences, Objects objects) const {
  if (expected.is_object() && found.is_object() && !is_timestamp(found)) {
    for (const auto& [name, value] : expected.items()) {
      if (found.contains(name)) {
        compare(value, found[name], child(place, name), differences, objects);
      } else {
        differences.push_back({child(place, name), shown_json(value), "nothing"});
      }
    }
    for (const auto& [name, value] : found.items()) {
      if (objects == Objects::exact && !expected.contains(name)) differences.push_back({child(place, name), "nothing", shown_json(value)});
    }
    return;
  }
  if (expected.is_array() && found.is_array()) {
    for (std::size_t i = 0; i < std::max(expected.size(), found.size()); ++i) {
      const std::string at = place + "[" + std::to_string(i) + "]";
      if (i >= found.size()) {
        differences.push_back({at, shown_json(expected[i]), "nothing"});
      } else if (i >= expected.size()) {
        differences.push_back({at, "nothing", shown_json(found[i])});
      } else {
        // Inside an array nothing is a subset.
        compare(expected[i], found[i], at, differences, Objects::exact);
      }
    }
    return;
  }
  if (!scalar_matches(expected, found)) differences.push_back({place, shown_json(expected), shown_json(found)});
}

bool Matcher::matches(const json& expected, const json& found) const {
  Differences differences;
  compare(expected, found, "", differences);
  return differences.empty();
}

std::string shown_json(const json& value) {
  if (is_timestamp(value)) return "\"" + timestamp_text(value[kTimestamp].get<std::int64_t>()) + "\" (a timestamp)";
  if (value.is_object() || value.is_array()) {
    json readable = value;
    for (auto& item : readable) {
      if (is_timestamp(item)) item = timestamp_text(item[kTimestamp].get<std::int64_t>());
    }
    const auto text = readable.dump(-1, ' ', false, json::error_handler_t::replace);
    return text.size() <= kShownMax ? text : text.substr(0, kShownMax) + "…";
  }
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace lernd
