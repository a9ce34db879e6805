#pragma once

#include <string_view>

#include "adapters/embedded/connection.h"
#include "core/cql_type.h"
#include "core/error.h"
#include "core/value.h"

namespace lernd::embedded {

/// How a cell of a CQL table stands in the file, so that people can read it with the sqlite3 shell.
///
/// text → TEXT; integers and booleans (0, 1) → INTEGER; float and double → REAL; timestamp → TEXT `2023-07-22T04:26:40.000Z`; list and set → JSON array, a set
/// sorted and each member once; map → JSON object, or an array of pairs when its keys are neither text nor timestamp; timestamps inside as that text, bytes
/// inside as `0x` and hexadecimal digits; any other type → BLOB. Null and an empty collection → NULL.
///
/// Errors  `fatal`/`schema_mismatch` for a value of another type than the column's; `reject`/`malformed_record` for one that the type cannot hold (not UTF-8,
/// out of
///         range, null inside a collection). The text is the end of a sentence that begins with table and column: `is int, not text`.
Result<SqlValue> encode_cell(const CqlType& type, const Value& value);

/// The inverse. Error `fatal`/`corrupt` when the cell does not hold what `encode_cell` writes: somebody else changed it.
Result<Value> decode_cell(const CqlType& type, const SqlValue& cell);

/// Adds the entries to a map and leaves its other entries. `map` is null or a map; the result has its keys in order, each once.
Value merged(Value map, const ValueMap& entries);

}  // namespace lernd::embedded
