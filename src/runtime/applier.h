#pragma once

#include <optional>
#include <span>
#include <vector>

#include "ports/cache.h"
#include "ports/search_index.h"
#include "ports/table_store.h"
#include "runtime/batch.h"

namespace lernd {

/// Applies the plans of the items, stage by stage: what all of them write in one stage goes out in one bulk call a port.
///
/// Returns one error or nothing an item. An item that failed in a stage writes nothing of its later stages; repeating it from the start is harmless.
///
/// Of an item that is repeated, lists that are there already are left out: Cassandra gives every element of a list an id of its own at each write, so the same
/// list written twice with one write time holds everything twice.
///
/// `search` may be null where no plan changes documents. No document stands in the plans of two items.
std::vector<std::optional<Error>> apply(std::span<WorkItem* const> items, TableStore& tables, Cache& cache, SearchIndex* search);

}  // namespace lernd
