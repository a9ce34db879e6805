#pragma once

#include <string>
#include <vector>

#include "adapters/embedded/catalog.h"
#include "core/ask.h"
#include "core/plan.h"

namespace lernd::embedded {

/// A row write that fits its table: checked and in the form of the file. Columns are positions in the schema. It refers to the table and the write.
struct EncodedWrite {
  struct Cell {
    std::size_t column;
    SqlValue value;
  };
  struct Merge {
    std::size_t column;
    const ValueMap* entries;
  };
  RowWrite::Kind kind = RowWrite::Kind::update;
  const StoredTable* table = nullptr;
  std::vector<SqlValue> key;  ///< all key columns, in the order of the key
  std::vector<Cell> set;
  std::vector<Merge> merges;
};

/// A rows query that fits its table.
struct EncodedQuery {
  const StoredTable* table = nullptr;
  std::vector<SqlValue> key;
  std::vector<std::size_t> columns;
};

/// Errors  `fatal`/`schema_mismatch` (a column that is not there, a wrong type, a key that is none), `reject`/`malformed_record` (a value that the type cannot
/// hold,
///         null in the key, an empty text as the whole partition key: Cassandra refuses the same). Texts name table and column, never a value.
Result<EncodedWrite> encode(const StoredTable& table, const RowWrite& write);
Result<EncodedQuery> encode(const StoredTable& table, const RowsQuery& query);

/// The error for a table that is not there.
Error missing_table(const TableName& table);
/// Puts table and column in front of what a codec says of a value.
Error in_column(const StoredTable& table, std::size_t column, const Error& error);

}  // namespace lernd::embedded
