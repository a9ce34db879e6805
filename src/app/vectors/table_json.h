#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/value.h"

namespace lernd {

/// The cell that a case's JSON stands for in a column of this CQL type. JSON null is the null value.
///
/// Errors  `fatal`/`invalid_option` when it does not fit the type.
Result<Value> value_of_type(const nlohmann::json& json, std::string_view cql_type);

/// A cell as JSON: points in time as `timestamp_json`, empty collections as null, keys of maps as texts.
nlohmann::json json_of(const Value& value);

/// `2023-07-22T04:26:40.000Z` and milliseconds since the epoch.
std::optional<std::int64_t> parse_timestamp(std::string_view text);
std::string timestamp_text(std::int64_t ms);

}  // namespace lernd
