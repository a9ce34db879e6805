#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/table.h"
#include "core/value.h"

namespace lernd {

/// A part of the ring of tokens, both ends included. Rows come in the order of their tokens.
struct TokenRange {
  std::int64_t first = 0;
  std::int64_t last = 0;
  bool operator==(const TokenRange&) const = default;
};

/// One column of all rows of a table, or of those in a range.
struct ScanQuery {
  TableName table;
  std::string column;
  std::vector<std::string> partition_key;
  bool distinct = false;  ///< one row a partition; `column` is then all of the partition key
  std::optional<TokenRange> range;
  std::size_t rows_max = 0;  ///< no more rows than these, over all pages; 0: all
};

struct ScanPage {
  std::vector<Value> values;
  std::string next;  ///< where the next page begins; empty: this was the last one
};

/// Reads a table too large for one answer, page by page. A page is read again by asking for the same position once more.
///
/// Threads: may be called from any number of threads at once.
/// Errors: as TableStore.
class TableScan {
 public:
  virtual ~TableScan() = default;
  /// The page at a position; the empty one is the start.
  virtual Result<ScanPage> page(const ScanQuery& query, const std::string& position) = 0;
  /// The shape of a table; absent when it is not there.
  virtual Result<std::optional<TableSchema>> describe(const TableName& table) = 0;
  /// The name of the cluster's partitioner; empty where rows have no tokens, and no range may be asked for.
  virtual Result<std::string> partitioner() = 0;
};

}  // namespace lernd
