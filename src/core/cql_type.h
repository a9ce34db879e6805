#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace lernd {

/// What a CQL type is to this program. `carried`: bytes that are kept as they are (ValueBytes), also for types it does not know.
enum class CqlKind : std::uint8_t {
  text,  ///< text, varchar, ascii
  boolean,
  tinyint,
  smallint,
  integer,  ///< int
  bigint,
  counter,
  single_float,  ///< float
  double_float,  ///< double
  timestamp,
  list,
  set,
  map,
  date,  ///< carried, 4 bytes
  time,  ///< carried, 8 bytes
  uuid,  ///< uuid, timeuuid; carried, 16 bytes
  carried,
};

/// The form that values of a kind have here (core/value.h). `bytes`: ValueBytes.
enum class CqlForm : std::uint8_t { text, boolean, integer, real, timestamp, list, set, map, bytes };

/// A type of CQL. A list or set has one parameter, a map two.
struct CqlType {
  CqlKind kind = CqlKind::carried;
  std::vector<CqlType> parameters;
  bool frozen = false;  ///< written as a whole only; changes neither the bytes nor the values
  bool operator==(const CqlType&) const = default;
};

CqlForm form_of(CqlKind kind);
inline CqlForm form_of(const CqlType& type) { return form_of(type.kind); }
bool is_collection(const CqlType& type);

/// The width of an integer or a real; 0 for every other kind.
int bits_of(CqlKind kind);

/// The CQL name of a kind, for messages.
std::string_view name_of(CqlKind kind);
/// The type as CQL writes it, for messages: `map<text, int>`, without `frozen`.
std::string text_of(const CqlType& type);

/// The number of bytes of a kind that is carried and has a fixed size; 0 for every other.
std::size_t carried_size(CqlKind kind);

/// Reads a type as it stands in `system_schema.columns` or a DDL statement: `text`, `map<text, frozen<list<int>>>`.
///
/// Names are read without regard to case; unknown ones, with whatever parameters, are `carried`.
/// Errors: `fatal` schema_mismatch for a text that is not a type, or one nested deeper than 16.
Result<CqlType> parse_cql_type(std::string_view text);

}  // namespace lernd
