#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace lernd::cassandra {

/// How the bytes of a CQL type become a value. `carried`: as they are (ValueBytes), also for types this program does not know.
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

/// A type of CQL. A list or set has one parameter, a map two. `frozen` leaves no trace: it does not change the bytes.
struct CqlType {
  CqlKind kind = CqlKind::carried;
  std::vector<CqlType> parameters;
  bool operator==(const CqlType&) const = default;
};

/// The CQL name of a kind, for messages.
std::string_view name_of(CqlKind kind);

/// The number of bytes of a kind that is carried and has a fixed size; 0 for every other.
std::size_t carried_size(CqlKind kind);

/// Reads a type as it stands in `system_schema.columns` or a DDL statement: `text`, `map<text, frozen<list<int>>>`.
///
/// Names are read without regard to case; unknown ones, with whatever parameters, are `carried`.
/// Errors: `fatal` schema_mismatch for a text that is not a type, or one nested deeper than 16.
Result<CqlType> parse_cql_type(std::string_view text);

}  // namespace lernd::cassandra
