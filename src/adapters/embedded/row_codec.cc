#include "adapters/embedded/row_codec.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <cmath>
#include <limits>

#include "adapters/embedded/text_forms.h"
#include "adapters/embedded/value_order.h"
#include "core/json.h"
#include "core/plan_json.h"

namespace lernd::embedded {
namespace {

std::unexpected<Error> wrong_type(const CqlType& type, const Value& value) {
  static constexpr std::string_view kForms[] = {"null", "boolean", "an integer", "a number", "text", "a timestamp", "bytes", "a list", "a map"};
  return fail(Treatment::fatal, ErrorCode::schema_mismatch, fmt::format("is {}, not {}", text_of(type), kForms[value.form.index()]));
}

std::unexpected<Error> cannot_hold(std::string_view what) { return fail(Treatment::reject, ErrorCode::malformed_record, fmt::format("cannot hold {}", what)); }

std::unexpected<Error> corrupt() {
  return fail(Treatment::fatal, ErrorCode::corrupt, "does not hold what lernd writes there; it was changed by something else");
}

Result<std::int64_t> fitting(const CqlType& type, std::int64_t value) {
  if (const int bits = bits_of(type.kind); bits < 64) {
    const std::int64_t limit = std::int64_t{1} << (bits - 1);
    if (value < -limit || value >= limit) return cannot_hold(fmt::format("a number beyond {} bits", bits));
  }
  return value;
}

Result<double> fitting(const CqlType& type, double value) {
  if (!std::isfinite(value)) return cannot_hold("a number that is not finite");
  if (bits_of(type.kind) == 64) return value;
  if (std::abs(value) > static_cast<double>(std::numeric_limits<float>::max())) return cannot_hold("a number beyond the range of float");
  return static_cast<double>(static_cast<float>(value));
}

Result<SqlValue> encode_scalar(const CqlType& type, const Value& value) {
  const auto widened = [](const auto& fitted) -> Result<SqlValue> {
    if (!fitted) return std::unexpected(fitted.error());
    return SqlValue(*fitted);
  };
  switch (form_of(type)) {
    case CqlForm::text:
      if (const auto* text = value.text()) {
        if (!simdjson::validate_utf8(text->data(), text->size())) return cannot_hold("text that is not UTF-8");
        return SqlValue(*text);
      }
      break;
    case CqlForm::integer:
      if (const auto* number = value.integer()) return widened(fitting(type, *number));
      break;
    case CqlForm::real:
      if (const auto* number = std::get_if<double>(&value.form)) return widened(fitting(type, *number));
      break;
    case CqlForm::boolean:
      if (const auto* truth = std::get_if<bool>(&value.form)) return SqlValue(std::int64_t{*truth});
      break;
    case CqlForm::timestamp:
      if (const auto* time = std::get_if<Timestamp>(&value.form)) {
        if (!has_iso_text(*time)) return cannot_hold("a time outside the years 0 to 9999");
        return SqlValue(iso_text(*time));
      }
      break;
    default:
      if (const auto* bytes = std::get_if<ValueBytes>(&value.form)) return SqlValue(*bytes);
  }
  return wrong_type(type, value);
}

Result<void> append(JsonWriter& out, const CqlType& type, const Value& value);

bool has_text_keys(const CqlType& map) {
  const CqlForm keys = form_of(map.parameters[0]);
  return keys == CqlForm::text || keys == CqlForm::timestamp;
}

Result<void> append_list(JsonWriter& out, const CqlType& type, const Value& value) {
  const ValueList* list = value.list();
  if (list == nullptr) return wrong_type(type, value);
  const std::vector<Value> items = form_of(type) == CqlForm::set ? as_set(list->items) : list->items;
  out.open_array();
  for (const Value& item : items) {
    if (const auto appended = append(out, type.parameters[0], item); !appended) return appended;
  }
  out.close_array();
  return {};
}

Result<void> append_map(JsonWriter& out, const CqlType& type, const Value& value) {
  const ValueMap* map = value.map();
  if (map == nullptr) return wrong_type(type, value);
  const bool object = has_text_keys(type);
  object ? out.open_object() : out.open_array();
  for (const auto& [key, entry] : in_key_order(map->entries)) {
    if (object) {
      const auto name = encode_scalar(type.parameters[0], key);
      if (!name) return std::unexpected(name.error());
      out.name(std::get<std::string>(*name));
    } else {
      out.open_array();
      if (const auto appended = append(out, type.parameters[0], key); !appended) return appended;
    }
    if (const auto appended = append(out, type.parameters[1], entry); !appended) return appended;
    if (!object) out.close_array();
  }
  object ? out.close_object() : out.close_array();
  return {};
}

struct AppendScalar {
  JsonWriter& out;
  bool boolean;
  void operator()(std::monostate) const { out.null(); }
  void operator()(std::int64_t number) const { boolean ? out.boolean(number != 0) : out.integer(number); }
  void operator()(double number) const { out.number(number); }
  void operator()(const std::string& text) const { out.text(text); }
  void operator()(const ValueBytes& value) const { out.text(hexadecimal(value.bytes)); }
};

Result<void> append(JsonWriter& out, const CqlType& type, const Value& value) {
  if (std::holds_alternative<std::monostate>(value.form)) return cannot_hold("null inside a collection");
  if (form_of(type) == CqlForm::map) return append_map(out, type, value);
  if (is_collection(type)) return append_list(out, type, value);
  const auto scalar = encode_scalar(type, value);
  if (!scalar) return std::unexpected(scalar.error());
  std::visit(AppendScalar{out, form_of(type) == CqlForm::boolean}, *scalar);
  return {};
}

Result<Value> decode_text(const CqlType& type, std::string_view text) {
  if (form_of(type) == CqlForm::text) return Value(text);
  if (form_of(type) == CqlForm::timestamp) {
    if (const auto time = from_iso_text(text)) return Value(*time);
  } else if (const auto bytes = from_hexadecimal(text)) {
    return Value(ValueBytes{*bytes});
  }
  return corrupt();
}

Result<Value> decode_json(const CqlType& type, JsonView json);

Result<Value> decode_json_map(const CqlType& type, JsonView json) {
  ValueMap map;
  const auto add = [&](Result<Value> key, JsonView entry) -> Result<void> {
    if (!key) return std::unexpected(key.error());
    auto value = decode_json(type.parameters[1], entry);
    if (!value) return std::unexpected(value.error());
    map.entries.emplace_back(std::move(*key), std::move(*value));
    return {};
  };
  if (has_text_keys(type) ? !json.is_object() : !json.is_array()) return corrupt();
  for (const auto& [name, entry] : json.members()) {
    if (const auto added = add(decode_text(type.parameters[0], name), entry); !added) return std::unexpected(added.error());
  }
  for (const JsonView pair : json.items()) {
    const auto parts = pair.items();
    if (parts.size() != 2) return corrupt();
    if (const auto added = add(decode_json(type.parameters[0], parts[0]), parts[1]); !added) return std::unexpected(added.error());
  }
  map.entries = in_key_order(std::move(map.entries));
  return Value(std::move(map));
}

Result<Value> decode_json(const CqlType& type, JsonView json) {
  switch (form_of(type)) {
    case CqlForm::map:
      return decode_json_map(type, json);
    case CqlForm::list:
    case CqlForm::set: {
      if (!json.is_array()) return corrupt();
      ValueList list;
      for (const JsonView item : json.items()) {
        auto value = decode_json(type.parameters[0], item);
        if (!value) return value;
        list.items.push_back(std::move(*value));
      }
      return Value(std::move(list));
    }
    case CqlForm::integer:
      if (const auto number = json.integer()) return Value(*number);
      return corrupt();
    case CqlForm::real:
      if (const auto number = json.number()) return Value(*number);
      return corrupt();
    case CqlForm::boolean:
      if (const auto truth = json.boolean()) return Value(*truth);
      return corrupt();
    default:
      if (const auto text = json.text()) return decode_text(type, *text);
      return corrupt();
  }
}

}  // namespace

Result<SqlValue> encode_cell(const CqlType& type, const Value& value) {
  if (value.is_null()) return SqlValue();
  if (!is_collection(type)) return encode_scalar(type, value);
  std::string text;
  JsonWriter out(text);
  if (const auto appended = append(out, type, value); !appended) {
    // A wrong type inside a collection is told of the whole column.
    if (appended.error().treatment != Treatment::fatal) return std::unexpected(appended.error());
    return fail(Treatment::fatal, ErrorCode::schema_mismatch, fmt::format("is {}, the value is not", text_of(type)));
  }
  return SqlValue(std::move(text));
}

Result<Value> decode_cell(const CqlType& type, const SqlValue& cell) {
  if (std::holds_alternative<std::monostate>(cell)) return Value();
  if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    if (form_of(type) == CqlForm::integer) return Value(*number);
    if (form_of(type) == CqlForm::boolean) return Value(*number != 0);
  } else if (const auto* real = std::get_if<double>(&cell)) {
    if (form_of(type) == CqlForm::real) return Value(*real);
  } else if (const auto* bytes = std::get_if<ValueBytes>(&cell)) {
    if (form_of(type) == CqlForm::bytes) return Value(*bytes);
  } else if (const auto* text = std::get_if<std::string>(&cell)) {
    if (form_of(type) == CqlForm::text || form_of(type) == CqlForm::timestamp) return decode_text(type, *text);
    if (is_collection(type)) {
      const auto document = JsonDocument::parse(*text);
      if (!document) return corrupt();
      return decode_json(type, document->root());
    }
  }
  return corrupt();
}

Value merged(Value map, const ValueMap& entries) {
  ValueMap sum;
  if (auto* present = std::get_if<ValueMap>(&map.form)) sum = std::move(*present);
  sum.entries.insert(sum.entries.end(), entries.entries.begin(), entries.entries.end());
  sum.entries = in_key_order(std::move(sum.entries));
  return Value(std::move(sum));
}

}  // namespace lernd::embedded
