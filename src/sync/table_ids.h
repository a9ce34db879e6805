#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/error.h"
#include "ports/clock.h"
#include "ports/table_scan.h"
#include "sync/id_source.h"
#include "sync/options.h"
#include "sync/pace.h"

namespace lernd::sync {

/// The ring of the Murmur3 partitioner cut into `count` contiguous ranges, the first from its smallest token to the last with its largest. Pure.
std::vector<TokenRange> token_ranges(int count);

/// A value of the id column as an id: text as it is, a UUID with hyphens, a number in decimal; empty for null and for what is no id.
std::string id_of(const Value& value, bool uuid);

/// Reads the id column of a whole table and puts the ids into `<path>.new`, which takes its name once it is complete. Every row is read exactly once: a page
/// that fails is read again, from where it began.
struct TableRead {
  const Options& options;
  TableScan& scan;
  Waiter& waiter;
  Clock& clock;
  RejectedIds& rejected;
  std::string path;
  std::function<void(std::int64_t ids)> on_page;  ///< how many ids there are so far; from one thread at a time
  std::stop_token stop;
};

/// Errors  `reject` when the table has no row with an id; `fatal` for all that a new start does not mend (unknown table or column, password refused, pages
///         that failed too often, disk full); `retry` when the stop came first.
Result<IdList> read_table_ids(const TableRead& read);

}  // namespace lernd::sync
