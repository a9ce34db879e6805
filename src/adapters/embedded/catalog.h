#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "adapters/embedded/connection.h"
#include "core/cql_type.h"
#include "core/table.h"

namespace lernd::embedded {

/// A table of the file with the types of its columns read.
struct StoredTable {
  TableSchema schema;
  std::vector<CqlType> types;  ///< of `schema.columns`, in their order

  std::optional<std::size_t> column(std::string_view name) const;
  /// The position of a column in the key.
  std::optional<std::size_t> key_position(std::string_view name) const;
};

/// The CQL tables of a file: SQLite keeps the rows, `lernd_schema` what SQLite has no word for. Tables looked up are remembered until any connection changes
/// the schema of the file.
class Catalog {
 public:
  explicit Catalog(SqliteConnection& connection) : connection_(connection) {}

  /// Forgets what other connections have changed. Called once before a bulk of look-ups.
  Result<void> refresh();
  /// Null when there is no such table. Valid until the next `refresh`, `create` or `drop_keyspace`.
  Result<const StoredTable*> find(const TableName& table);

  Result<void> create(const TableSchema& table);
  Result<void> drop_keyspace(const std::string& keyspace);

 private:
  SqliteConnection& connection_;
  std::map<TableName, StoredTable> known_;
  std::int64_t version_ = -1;
};

}  // namespace lernd::embedded
