#include "app/vectors/table_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "app/vectors/matcher.h"
#include "core/cql_type.h"

namespace lernd {
namespace {

using nlohmann::json;

std::unexpected<Error> misfit(const json& value, std::string_view type) {
  return fail(Treatment::fatal, ErrorCode::invalid_option, fmt::format("{} does not fit a column of type {}", shown_json(value), type));
}

Result<Value> value_of(const json& value, const CqlType& type);

Result<ValueList> list_of(const json& value, const CqlType& inner) {
  ValueList list;
  for (const auto& item : value) {
    auto element = value_of(item, inner);
    if (!element) return std::unexpected(element.error());
    list.items.push_back(std::move(*element));
  }
  return list;
}

/// A JSON name as the key of a map.
Result<Value> key_of(const std::string& name, const CqlType& type) {
  if (const auto parsed = json::parse(name, nullptr, false); form_of(type) != CqlForm::text && parsed.is_number()) return value_of(parsed, type);
  return value_of(json(name), type);
}

Result<ValueMap> map_of(const json& value, const CqlType& type) {
  ValueMap map;
  for (const auto& [name, item] : value.items()) {
    auto key = key_of(name, type.parameters[0]);
    if (!key) return std::unexpected(key.error());
    auto entry = value_of(item, type.parameters[1]);
    if (!entry) return std::unexpected(entry.error());
    map.entries.emplace_back(std::move(*key), std::move(*entry));
  }
  return map;
}

template <typename T>
Result<Value> as_value(Result<T> collection) {
  if (!collection) return std::unexpected(collection.error());
  return Value(std::move(*collection));
}

Result<Value> value_of(const json& value, const CqlType& type) {
  switch (form_of(type)) {
    case CqlForm::text:
      if (value.is_string()) return Value(value.get<std::string>());
      break;
    case CqlForm::integer:
      if (value.is_number_integer()) return Value(value.get<std::int64_t>());
      break;
    case CqlForm::real:
      if (value.is_number()) return Value(value.get<double>());
      break;
    case CqlForm::boolean:
      if (value.is_boolean()) return Value(value.get<bool>());
      break;
    case CqlForm::timestamp:
      if (const auto ms = value.is_string() ? parse_timestamp(value.get_ref<const std::string&>()) : std::nullopt) return Value(Timestamp{*ms});
      break;
    case CqlForm::list:
    case CqlForm::set:
      if (value.is_array()) return as_value(list_of(value, type.parameters[0]));
      break;
    case CqlForm::map:
      if (value.is_object()) return as_value(map_of(value, type));
      break;
    case CqlForm::bytes:
      break;
  }
  return misfit(value, text_of(type));
}

std::string key_text(const Value& key) {
  if (const auto* text = key.text()) return *text;
  return json_of(key).dump();
}

}  // namespace

Result<Value> value_of_type(const json& value, std::string_view cql_type) {
  if (value.is_null()) return Value();
  const auto type = parse_cql_type(cql_type);
  if (!type) return std::unexpected(type.error());
  return value_of(value, *type);
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
