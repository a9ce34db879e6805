#include <bit>
#include <concepts>
#include <utility>

#include "adapters/cassandra/cql_bits.h"
#include "adapters/cassandra/cql_codec.h"

namespace lernd::cassandra {
namespace {

std::unexpected<Error> malformed(const CqlType& type) {
  return fail(Treatment::fatal, ErrorCode::bad_answer, "bytes that are no value of type " + std::string(name_of(type.kind)));
}

Result<Value> decode_bytes(const CqlType& type, std::string_view bytes);

Result<Value> decode_nested_cell(const CqlType& type, CellReader& reader) {
  const Result<std::optional<std::string_view>> cell = reader.next();
  if (!cell) return std::unexpected(cell.error());
  return *cell ? decode_bytes(type, **cell) : Value();
}

/// The number of items that a collection begins with. Each takes at least its length, so a number that cannot be true is found before memory is asked for.
std::optional<std::size_t> item_count(std::string_view bytes, std::size_t cells_per_item) {
  if (bytes.size() < kLengthBytes) return std::nullopt;
  const std::int32_t count = integer_of<std::int32_t>(bytes);
  if (count < 0 || static_cast<std::size_t>(count) > (bytes.size() - kLengthBytes) / (kLengthBytes * cells_per_item)) return std::nullopt;
  return static_cast<std::size_t>(count);
}

Result<Value> decode_items(const CqlType& type, std::string_view bytes) {
  const std::optional<std::size_t> count = item_count(bytes, 1);
  if (!count) return malformed(type);
  CellReader reader(bytes.substr(kLengthBytes));
  ValueList items;
  items.items.reserve(*count);
  for (std::size_t i = 0; i < *count; ++i) {
    Result<Value> item = decode_nested_cell(type.parameters[0], reader);
    if (!item) return item;
    items.items.push_back(std::move(*item));
  }
  if (!reader.done()) return malformed(type);
  return Value(std::move(items));
}

Result<Value> decode_entries(const CqlType& type, std::string_view bytes) {
  const std::optional<std::size_t> count = item_count(bytes, 2);
  if (!count) return malformed(type);
  CellReader reader(bytes.substr(kLengthBytes));
  ValueMap entries;
  entries.entries.reserve(*count);
  for (std::size_t i = 0; i < *count; ++i) {
    Result<Value> key = decode_nested_cell(type.parameters[0], reader);
    if (!key) return key;
    Result<Value> entry = decode_nested_cell(type.parameters[1], reader);
    if (!entry) return entry;
    entries.entries.emplace_back(std::move(*key), std::move(*entry));
  }
  if (!reader.done()) return malformed(type);
  return Value(std::move(entries));
}

/// Empty bytes are a null that old clients wrote.
template <class Decode>
Result<Value> decode_fixed(const CqlType& type, std::string_view bytes, std::size_t size, Decode decode) {
  if (bytes.empty()) return Value();
  if (bytes.size() != size) return malformed(type);
  return Value(decode(bytes));
}

template <std::signed_integral Int>
Result<Value> decode_integer(const CqlType& type, std::string_view bytes) {
  return decode_fixed(type, bytes, sizeof(Int), [](std::string_view all) { return std::int64_t{integer_of<Int>(all)}; });
}

Result<Value> decode_bytes(const CqlType& type, std::string_view bytes) {
  switch (type.kind) {
    case CqlKind::text:
      return Value(bytes);
    case CqlKind::boolean:
      return decode_fixed(type, bytes, 1, [](std::string_view all) { return all[0] != 0; });
    case CqlKind::tinyint:
      return decode_integer<std::int8_t>(type, bytes);
    case CqlKind::smallint:
      return decode_integer<std::int16_t>(type, bytes);
    case CqlKind::integer:
      return decode_integer<std::int32_t>(type, bytes);
    case CqlKind::bigint:
    case CqlKind::counter:
      return decode_integer<std::int64_t>(type, bytes);
    case CqlKind::single_float:
      return decode_fixed(type, bytes, 4, [](std::string_view all) { return static_cast<double>(std::bit_cast<float>(bits_of<std::uint32_t>(all))); });
    case CqlKind::double_float:
      return decode_fixed(type, bytes, 8, [](std::string_view all) { return std::bit_cast<double>(bits_of<std::uint64_t>(all)); });
    case CqlKind::timestamp:
      return decode_fixed(type, bytes, 8, [](std::string_view all) { return Timestamp{integer_of<std::int64_t>(all)}; });
    case CqlKind::list:
    case CqlKind::set:
      return decode_items(type, bytes);
    case CqlKind::map:
      return decode_entries(type, bytes);
    case CqlKind::date:
    case CqlKind::time:
    case CqlKind::uuid:
      return decode_fixed(type, bytes, carried_size(type.kind), [](std::string_view all) { return ValueBytes{std::string(all)}; });
    case CqlKind::carried:
      return Value(ValueBytes{std::string(bytes)});
  }
  return malformed(type);
}

}  // namespace

Result<std::optional<std::string_view>> CellReader::next() {
  const auto cut = [] { return fail(Treatment::fatal, ErrorCode::bad_answer, "a cell that ends too early"); };
  if (rest_.size() < kLengthBytes) return cut();
  const std::int32_t size = integer_of<std::int32_t>(rest_);
  rest_.remove_prefix(kLengthBytes);
  if (size < 0) return std::optional<std::string_view>();
  if (static_cast<std::size_t>(size) > rest_.size()) return cut();
  const std::string_view bytes = rest_.substr(0, static_cast<std::size_t>(size));
  rest_.remove_prefix(bytes.size());
  return std::optional(bytes);
}

Result<Value> decode_cell(const CqlType& type, std::optional<std::string_view> bytes) {
  if (!bytes) return Value();
  Result<Value> value = decode_bytes(type, *bytes);
  if (value && value->is_null()) return Value();
  return value;
}

}  // namespace lernd::cassandra
