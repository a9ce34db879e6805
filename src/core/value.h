#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/record.h"

namespace lernd {

struct Value;

/// A CQL list or set. Which of the two it is says the column's type; the members of a set are kept sorted by the store.
struct ValueList {
  std::vector<Value> items;
  bool operator==(const ValueList&) const;
};

/// A CQL map: entries in key order, each key once.
struct ValueMap {
  std::vector<std::pair<Value, Value>> entries;
  bool operator==(const ValueMap&) const;
};

/// The serialised form of a value whose type has no form of its own here (`blob`, and any type that is only carried along).
struct ValueBytes {
  std::string bytes;
  bool operator==(const ValueBytes&) const = default;
};

/// A value of a table cell. `std::monostate` is null; int and bigint are `std::int64_t`, float and double are `double`.
///
/// An empty list, set or map is the same as null for a store; `is_null` says so for both.
struct Value {
  using Form = std::variant<std::monostate, bool, std::int64_t, double, std::string, Timestamp, ValueBytes, ValueList, ValueMap>;
  Form form;

  Value() = default;
  Value(bool value) : form(value) {}
  Value(std::int32_t value) : form(std::int64_t{value}) {}
  Value(std::int64_t value) : form(value) {}
  Value(double value) : form(value) {}
  Value(std::string value) : form(std::move(value)) {}
  Value(std::string_view value) : form(std::string(value)) {}
  Value(const char* value) : form(std::string(value)) {}
  Value(Timestamp value) : form(value) {}
  Value(ValueBytes value) : form(std::move(value)) {}
  Value(ValueList value) : form(std::move(value)) {}
  Value(ValueMap value) : form(std::move(value)) {}

  bool is_null() const;
  /// Null when the value is of another form.
  const std::string* text() const { return std::get_if<std::string>(&form); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&form); }
  const ValueMap* map() const { return std::get_if<ValueMap>(&form); }
  const ValueList* list() const { return std::get_if<ValueList>(&form); }

  bool operator==(const Value&) const = default;
};

/// A hash that agrees with `==`; used to find facts again.
std::size_t hash_of(const Value& value);

}  // namespace lernd
