#include <bit>
#include <cmath>
#include <concepts>
#include <limits>
#include <utility>

#include "adapters/cassandra/cql_bits.h"
#include "adapters/cassandra/cql_codec.h"

namespace lernd::cassandra {
namespace {

std::string_view form_name(const Value& value) {
  constexpr std::string_view kNames[] = {"null", "a boolean", "a whole number", "a double", "a text", "a timestamp", "bytes", "a list", "a map"};
  static_assert(std::size(kNames) == std::variant_size_v<Value::Form>);
  return kNames[value.form.index()];
}

std::unexpected<Error> other_form(const CqlType& type, const Value& value) {
  return fail(Treatment::fatal, ErrorCode::schema_mismatch, std::string(form_name(value)) + " where the column is of type " + std::string(name_of(type.kind)));
}

std::unexpected<Error> unfit(std::string_view what, const CqlType& type) {
  return fail(Treatment::reject, ErrorCode::malformed_record, std::string(what) + " for type " + std::string(name_of(type.kind)));
}

Result<void> append_nested_cell(const CqlType& type, const Value& value, std::string& bytes);

template <std::signed_integral Int>
Result<void> append_integer(const CqlType& type, const Value& value, std::string& bytes) {
  const std::int64_t* number = value.integer();
  if (!number) return other_form(type, value);
  if (!std::in_range<Int>(*number)) return unfit("a number out of range", type);
  append_bits(static_cast<std::make_unsigned_t<Int>>(*number), bytes);
  return {};
}

Result<void> append_floating(const CqlType& type, const Value& value, std::string& bytes) {
  const double* number = std::get_if<double>(&value.form);
  if (!number) return other_form(type, value);
  if (type.kind == CqlKind::double_float) {
    append_bits(std::bit_cast<std::uint64_t>(*number), bytes);
    return {};
  }
  if (std::isfinite(*number) && std::abs(*number) > static_cast<double>(std::numeric_limits<float>::max())) return unfit("a number out of range", type);
  append_bits(std::bit_cast<std::uint32_t>(static_cast<float>(*number)), bytes);
  return {};
}

Result<void> append_carried(const CqlType& type, const Value& value, std::string& bytes) {
  const auto* carried = std::get_if<ValueBytes>(&value.form);
  if (!carried) return other_form(type, value);
  if (const std::size_t size = carried_size(type.kind); size != 0 && carried->bytes.size() != size) return unfit("bytes of a wrong length", type);
  bytes += carried->bytes;
  return {};
}

Result<void> append_items(const CqlType& type, const Value& value, std::string& bytes) {
  const ValueList* items = value.list();
  if (!items) return other_form(type, value);
  if (!std::in_range<std::int32_t>(items->items.size())) return unfit("too many items", type);
  append_bits(static_cast<std::uint32_t>(items->items.size()), bytes);
  for (const Value& item : items->items) {
    if (Result<void> done = append_nested_cell(type.parameters[0], item, bytes); !done) return done;
  }
  return {};
}

Result<void> append_entries(const CqlType& type, const Value& value, std::string& bytes) {
  const ValueMap* entries = value.map();
  if (!entries) return other_form(type, value);
  if (!std::in_range<std::int32_t>(entries->entries.size())) return unfit("too many entries", type);
  append_bits(static_cast<std::uint32_t>(entries->entries.size()), bytes);
  for (const auto& [key, entry] : entries->entries) {
    if (Result<void> done = append_nested_cell(type.parameters[0], key, bytes); !done) return done;
    if (Result<void> done = append_nested_cell(type.parameters[1], entry, bytes); !done) return done;
  }
  return {};
}

Result<void> append_bytes(const CqlType& type, const Value& value, std::string& bytes) {
  switch (type.kind) {
    case CqlKind::text: {
      const std::string* text = value.text();
      if (!text) return other_form(type, value);
      bytes += *text;
      return {};
    }
    case CqlKind::boolean: {
      const bool* flag = std::get_if<bool>(&value.form);
      if (!flag) return other_form(type, value);
      bytes.push_back(*flag ? 1 : 0);
      return {};
    }
    case CqlKind::tinyint:
      return append_integer<std::int8_t>(type, value, bytes);
    case CqlKind::smallint:
      return append_integer<std::int16_t>(type, value, bytes);
    case CqlKind::integer:
      return append_integer<std::int32_t>(type, value, bytes);
    case CqlKind::bigint:
    case CqlKind::counter:
      return append_integer<std::int64_t>(type, value, bytes);
    case CqlKind::single_float:
    case CqlKind::double_float:
      return append_floating(type, value, bytes);
    case CqlKind::timestamp: {
      const Timestamp* time = std::get_if<Timestamp>(&value.form);
      if (!time) return other_form(type, value);
      append_bits(static_cast<std::uint64_t>(time->ms), bytes);
      return {};
    }
    case CqlKind::list:
    case CqlKind::set:
      return append_items(type, value, bytes);
    case CqlKind::map:
      return append_entries(type, value, bytes);
    case CqlKind::date:
    case CqlKind::time:
    case CqlKind::uuid:
    case CqlKind::carried:
      return append_carried(type, value, bytes);
  }
  return other_form(type, value);
}

/// The length is known only when the bytes are there, so it is filled in afterwards.
Result<void> append_nested_cell(const CqlType& type, const Value& value, std::string& cells) {
  if (std::holds_alternative<std::monostate>(value.form)) return unfit("null inside a collection", type);
  const std::size_t start = cells.size();
  cells.append(kLengthBytes, '\0');
  if (Result<void> done = append_bytes(type, value, cells); !done) return done;
  const std::size_t size = cells.size() - start - kLengthBytes;
  if (!std::in_range<std::int32_t>(size)) return unfit("more than 2 GiB", type);
  for (std::size_t i = 0; i < kLengthBytes; ++i) cells[start + i] = static_cast<char>((size >> (24 - 8 * i)) & 0xff);
  return {};
}

}  // namespace

Result<void> append_cell(const CqlType& type, const Value& value, std::string& cells) {
  if (value.is_null()) {
    append_bits(std::uint32_t{0xffffffff}, cells);
    return {};
  }
  const std::size_t before = cells.size();
  Result<void> done = append_nested_cell(type, value, cells);
  if (!done) cells.resize(before);
  return done;
}

void append_bigint_cell(std::int64_t value, std::string& cells) {
  append_bits(std::uint32_t{sizeof(value)}, cells);
  append_bits(static_cast<std::uint64_t>(value), cells);
}

}  // namespace lernd::cassandra
