#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/ask.h"
#include "core/error.h"
#include "core/plan.h"
#include "core/table.h"

namespace lernd {

/// A group of row writes with the time that orders them against other writes of the same cells.
struct TimedGroup {
  const RowGroup* rows = nullptr;
  WriteTime time;
};

/// Tables with the semantics of Cassandra.
///
/// Every call is bulk: one answer per element, in order; elements may be carried out in any order and at once. Reads come back complete, however many pages
/// they need. `update` and `insert` are upserts; null deletes a cell; an empty collection is null; `merge` adds map entries and leaves the others.
///
/// Write time: Cassandra keeps the newest write per cell. The embedded store has one writer per partition and applies in the order of the calls.
/// Durability: what a call has answered survives a crash of this process, for the embedded store once `flush` or EventLog::commit has returned.
/// Threads: one worker owns one store object and calls it from one thread.
/// Errors: `retry` (unavailable, timed out, overloaded), `reject` (a value that does not fit, an empty key: invalid for this row only), `fatal` (unknown
///         keyspace, table or column, wrong type, wrong password).
class TableStore {
 public:
  virtual ~TableStore() = default;

  virtual std::vector<Result<Rows>> read(std::span<const RowsQuery> queries) = 0;
  virtual std::vector<Result<void>> write(std::span<const TimedGroup> groups) = 0;

  /// Inserts each row unless there is one with its key. True when it was inserted. After a time-out the outcome is unknown; the caller reads.
  virtual std::vector<Result<bool>> insert_if_absent(std::span<const RowWrite> rows) = 0;

  /// The shape of a table as the store has it; absent when it is not there.
  virtual Result<std::optional<TableSchema>> describe(const TableName& table) = 0;
  /// Creates a table, and its keyspace (replication factor 1) where that is missing too. Nothing happens when it is there.
  virtual Result<void> create(const TableSchema& table) = 0;
  /// Drops a keyspace with all its tables. For tests.
  virtual Result<void> drop_keyspace(const std::string& keyspace) = 0;

  /// Answers when the store does.
  virtual Result<void> ping() = 0;
  /// Makes all writes so far durable without moving any position.
  virtual Result<void> flush() = 0;
};

/// Groups that all carry one time; they refer to `groups`.
std::vector<TimedGroup> at_one_time(std::span<const RowGroup> groups, WriteTime time);

/// The CQL statement that creates the table.
std::string ddl(const TableSchema& table);

}  // namespace lernd
