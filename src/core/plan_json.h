#pragma once

#include <string>
#include <string_view>

#include "core/error.h"
#include "core/json.h"
#include "core/plan.h"

namespace lernd {

/// The JSON form of values and plans: what the journal keeps and `lernd plan --format json` prints.
///
/// Values: null, booleans, texts and integers as they are; floating numbers always with a point or exponent (not a number and infinities are null);
/// `{"timestamp":<ms>}`, `{"bytes":"<hex>"}`, `{"list":[…]}`, `{"map":[[key,value],…]}`. A text that is not UTF-8 is `{"text_hex":"<hex>"}`.
/// The replacing assignments of a row come before the merging ones. Counters are not kept: repeating a plan counts nothing twice. Of remarks those for audit
/// are.
void append_json(JsonWriter& out, const Value& value);
void append_json(JsonWriter& out, const Plan& plan);

/// The inverse. Error `fatal`/`corrupt` when the text is not what `append_json` wrote.
Result<Value> value_from_json(JsonView json);
Result<Plan> plan_from_json(JsonView json);

/// A plan for people: one line a write or record, control characters as `\xNN`. `indent` starts every line.
std::string describe(const Plan& plan, std::string_view indent);
/// A point in time in UTC, `2023-07-22T04:26:40.000Z`.
std::string iso_text(Timestamp time);
/// A value much as CQL shows it; of bytes only how many.
std::string describe(const Value& value);

}  // namespace lernd
