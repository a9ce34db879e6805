#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lernd::embedded {

/// A CQL type as far as the embedded store tells types apart.
struct CqlType {
  enum class Kind { text, integer, real, boolean, timestamp, list, set, map, bytes };
  Kind kind = Kind::bytes;
  int bits = 0;             ///< of integer and real
  bool frozen = false;      ///< written as a whole only
  std::vector<CqlType> of;  ///< the item of a list or set; key and entry of a map
  std::string spelling;

  bool is_collection() const { return kind == Kind::list || kind == Kind::set || kind == Kind::map; }
};

/// Reads a type in CQL spelling; blanks and case do not matter. A type that has no form of its own (`blob`, `uuid`, `tuple<…>`, user types, a misspelt one) is
/// carried along as bytes.
CqlType cql_type(std::string_view spelling);

/// The type of the SQLite column that keeps it: `TEXT`, `INTEGER`, `REAL` or `BLOB`.
std::string_view sqlite_type(const CqlType& type);

}  // namespace lernd::embedded
