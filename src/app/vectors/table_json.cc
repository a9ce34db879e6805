#include "app/vectors/table_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <set>

#include "app/vectors/matcher.h"

namespace lernd {
namespace {

using nlohmann::json;

struct CqlType {
  std::string_view name;                ///< `map`, `list`, `text`, …
  std::vector<std::string_view> inner;  ///< of a collection
};

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// `map<text, list<int>>` → map of `text` and `list<int>`. A frozen type is the type inside.
CqlType type_of(std::string_view text) {
  text = trimmed(text);
  const auto open = text.find('<');
  if (open == std::string_view::npos || !text.ends_with('>')) return {text, {}};
  const auto name = text.substr(0, open);
  const auto inside = text.substr(open + 1, text.size() - open - 2);
  if (name == "frozen") return type_of(inside);
  CqlType type{name, {}};
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= inside.size(); ++i) {
    if (i == inside.size() || (inside[i] == ',' && depth == 0)) {
      type.inner.push_back(trimmed(inside.substr(start, i - start)));
      start = i + 1;
    } else if (inside[i] == '<') {
      ++depth;
    } else if (inside[i] == '>') {
      --depth;
    }
  }
  return type;
}

std::unexpected<Error> misfit(const json& value, std::string_view type) {
  return fail(Treatment::fatal, ErrorCode::invalid_option, fmt::format("{} does not fit a column of type {}", shown_json(value), type));
}

Result<ValueList> list_of(const json& value, std::string_view inner) {
  ValueList list;
  for (const auto& item : value) {
    auto element = value_of_type(item, inner);
    if (!element) return std::unexpected(element.error());
    list.items.push_back(std::move(*element));
  }
  return list;
}

/// A JSON name as the key of a map.
Result<Value> key_of(const std::string& name, std::string_view type) {
  if (const auto parsed = json::parse(name, nullptr, false); type != "text" && !parsed.is_discarded() && parsed.is_number()) return value_of_type(parsed, type);
  return value_of_type(json(name), type);
}

Result<ValueMap> map_of(const json& value, const CqlType& type) {
  ValueMap map;
  for (const auto& [name, item] : value.items()) {
    auto key = key_of(name, type.inner[0]);
    if (!key) return std::unexpected(key.error());
    auto entry = value_of_type(item, type.inner[1]);
    if (!entry) return std::unexpected(entry.error());
    map.entries.emplace_back(std::move(*key), std::move(*entry));
  }
  return map;
}

std::string key_text(const Value& key) {
  if (const auto* text = key.text()) return *text;
  return json_of(key).dump();
}

}  // namespace

Result<Value> value_of_type(const json& value, std::string_view cql_type) {
  static const std::set<std::string_view> kTexts{"text", "varchar", "ascii"};
  static const std::set<std::string_view> kIntegers{"int", "bigint", "smallint", "tinyint"};
  static const std::set<std::string_view> kNumbers{"double", "float"};
  if (value.is_null()) return Value();
  const CqlType type = type_of(cql_type);
  if (kTexts.contains(type.name) && value.is_string()) return Value(value.get<std::string>());
  if (kIntegers.contains(type.name) && value.is_number_integer()) return Value(value.get<std::int64_t>());
  if (kNumbers.contains(type.name) && value.is_number()) return Value(value.get<double>());
  if (type.name == "boolean" && value.is_boolean()) return Value(value.get<bool>());
  if (type.name == "timestamp" && value.is_string()) {
    const auto ms = parse_timestamp(value.get_ref<const std::string&>());
    return ms ? Result<Value>(Value(Timestamp{*ms})) : misfit(value, cql_type);
  }
  if ((type.name == "list" || type.name == "set") && type.inner.size() == 1 && value.is_array()) {
    auto list = list_of(value, type.inner[0]);
    return list ? Result<Value>(Value(std::move(*list))) : std::unexpected(list.error());
  }
  if (type.name == "map" && type.inner.size() == 2 && value.is_object()) {
    auto map = map_of(value, type);
    return map ? Result<Value>(Value(std::move(*map))) : std::unexpected(map.error());
  }
  return misfit(value, cql_type);
}

json json_of(const Value& value) {
  if (value.is_null()) return nullptr;
  return std::visit(
      [](const auto& form) -> json {
        using Form = std::decay_t<decltype(form)>;
        if constexpr (std::is_same_v<Form, std::monostate>) {
          return nullptr;
        } else if constexpr (std::is_same_v<Form, Timestamp>) {
          return timestamp_json(form.ms);
        } else if constexpr (std::is_same_v<Form, ValueBytes>) {
          return fmt::format("{} bytes", form.bytes.size());
        } else if constexpr (std::is_same_v<Form, ValueList>) {
          json list = json::array();
          for (const auto& item : form.items) list.push_back(json_of(item));
          return list;
        } else if constexpr (std::is_same_v<Form, ValueMap>) {
          json map = json::object();
          for (const auto& [key, entry] : form.entries) map[key_text(key)] = json_of(entry);
          return map;
        } else {
          return form;
        }
      },
      value.form);
}

std::optional<std::int64_t> parse_timestamp(std::string_view text) {
  // 2023-07-22T04:26:40.000Z
  constexpr std::string_view kForm = "0000-00-00T00:00:00.000Z";
  if (text.size() != kForm.size()) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kForm[i] == '0' ? !digit : text[i] != kForm[i]) return std::nullopt;
  }
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    std::from_chars(text.data() + at, text.data() + at + size, value);
    return value;
  };
  using namespace std::chrono;
  const auto day = year(number(0, 4)) / month(static_cast<unsigned>(number(5, 2))) / std::chrono::day(static_cast<unsigned>(number(8, 2)));
  if (!day.ok()) return std::nullopt;
  const auto time = sys_days(day).time_since_epoch() + hours(number(11, 2)) + minutes(number(14, 2)) + seconds(number(17, 2)) + milliseconds(number(20, 3));
  return duration_cast<milliseconds>(time).count();
}

std::string timestamp_text(std::int64_t ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds(ms)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

}  // namespace lernd
