#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bulk/id_file.h"
#include "bulk/id_reader.h"
#include "bulk/retrying.h"
#include "core/error.h"
#include "ports/table_scan.h"

namespace lernd::bulk {

/// The ring of the Murmur3 partitioner cut into `count` contiguous ranges, the first from its smallest token to the last with its largest. Pure.
std::vector<TokenRange> token_ranges(int count);

/// Whether tokens are those of the Murmur3 partitioner, by its name.
bool has_murmur3_tokens(std::string_view partitioner);

/// A value of the id column as an id: text as it is, a UUID with hyphens, a number in decimal; empty for null and for what is no id.
std::string id_of(const Value& value, bool uuid);

/// The column of a table that holds the ids. The remedies end messages about a table or a column that does not fit: `set sunbird_cassandra_column`.
struct IdColumn {
  TableName table;
  std::string column;
  std::string table_remedy;
  std::string column_remedy;
};

/// What is to be asked for the ids of all rows, and whether they are UUIDs.
struct IdScan {
  ScanQuery query;
  bool uuid = false;
};

/// Errors  `fatal`/`schema_mismatch` when the table is not there, or the column is not there or holds no ids; those of the scan.
Result<IdScan> id_scan(TableScan& scan, const IdColumn& from);

/// How a table is read, and what becomes of its ids.
struct TableReadOptions {
  int concurrency = 4;  ///< ranges that are read at once
  int ranges = 64;
  RetryPace retry = {};      ///< of a page
  std::string pattern = {};  ///< an id that does not match as a whole is rejected; empty: all do
  bool dedupe = true;
  std::function<std::string(std::string_view id)> line_of = {};  ///< how an id stands in the list; empty: as it is
};

/// Reads the id column of a whole table and puts the ids into `<path>.new`, which takes its name once it is complete. Every row is read exactly once: a page
/// that fails is read again, from where it began.
struct TableRead {
  IdColumn from;
  TableReadOptions options;
  TableScan& scan;
  RetryParts parts;  ///< used from any thread
  std::string path;
  IdReader::Reject reject;                        ///< gets what is no id: number of the row as it came, reason, value; one at a time
  std::function<void(std::int64_t ids)> on_page;  ///< how many ids there are so far; one at a time
};

/// Errors  `reject` when the table has no row with an id; `fatal` for all that a new start does not mend (unknown table or column, password refused, pages
///         that failed too often, disk full); `retry` when the stop came first.
Result<IdList> read_table_ids(const TableRead& read);

}  // namespace lernd::bulk
