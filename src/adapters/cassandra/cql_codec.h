#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/cql_type.h"
#include "core/error.h"
#include "core/value.h"

namespace lernd::cassandra {

/// Appends a value as a cell: a big-endian int32 length and the bytes of the type's binary form (CQL binary protocol v4, section 6), or the length -1 for null.
///
/// An empty list, set or map is null, as in a table; nested ones keep their emptiness.
/// Errors: `fatal` schema_mismatch when the value is of another form than the type wants (nothing is converted: a text is no number, a whole number no
///         double), `reject` when it does not fit: an integer or float out of range, a date, time or uuid of the wrong length, null inside a collection.
///         `cells` is as before then. Texts name the type, never the value.
Result<void> append_cell(const CqlType& type, const Value& value, std::string& cells);

/// The inverse: the bytes of a cell as a value; absent bytes are null. An empty collection of a column is null; empty bytes are null too where the type has
/// no empty value of its own.
/// Errors: `fatal` bad_answer for bytes that are not of the type.
Result<Value> decode_cell(const CqlType& type, std::optional<std::string_view> bytes);

/// Appends an int64 as a cell of type bigint.
void append_bigint_cell(std::int64_t value, std::string& cells);

/// Takes cells off the front of a run of them.
class CellReader {
 public:
  explicit CellReader(std::string_view cells) : rest_(cells) {}

  /// The next cell: its bytes, or nothing for null. Errors: `fatal` bad_answer when there is no whole cell left.
  Result<std::optional<std::string_view>> next();
  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace lernd::cassandra
