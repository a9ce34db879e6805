#include "runtime/applier.h"

#include <algorithm>

#include "runtime/crash_point.h"

namespace lernd {
namespace {

using Outcomes = std::vector<std::optional<Error>>;

/// The writes of one stage over all items, with the item each group belongs to.
struct Stage {
  std::vector<TimedGroup> rows;
  std::vector<std::size_t> row_owners;
  std::vector<CacheGroup> cache;
  std::vector<std::size_t> cache_owners;
};

Stage stage_of(std::span<WorkItem* const> items, std::size_t index, const Outcomes& outcomes) {
  Stage stage;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (outcomes[i] || index >= items[i]->plan.stages.size()) continue;
    for (const WriteGroup& group : items[i]->plan.stages[index]) {
      if (const RowGroup* rows = std::get_if<RowGroup>(&group)) {
        stage.rows.push_back({rows, items[i]->time});
        stage.row_owners.push_back(i);
      } else {
        stage.cache.push_back(std::get<CacheGroup>(group));
        stage.cache_owners.push_back(i);
      }
    }
  }
  return stage;
}

void note(const std::vector<Result<void>>& results, std::span<const std::size_t> owners, Outcomes& outcomes) {
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!results[i] && !outcomes[owners[i]]) outcomes[owners[i]] = results[i].error();
  }
}

}  // namespace

std::vector<std::optional<Error>> apply(std::span<WorkItem* const> items, TableStore& tables, Cache& cache) {
  Outcomes outcomes(items.size());
  std::size_t stages = 0;
  for (const WorkItem* item : items) stages = std::max(stages, item->plan.stages.size());
  for (std::size_t index = 0; index < stages; ++index) {
    const Stage stage = stage_of(items, index, outcomes);
    if (crash_armed("part-of-writes") && !stage.rows.empty()) {
      tables.write(std::span(stage.rows).first((stage.rows.size() + 1) / 2));
      crash_point("part-of-writes");
    }
    if (!stage.rows.empty()) note(tables.write(stage.rows), stage.row_owners, outcomes);
    if (!stage.cache.empty()) note(cache.write(stage.cache), stage.cache_owners, outcomes);
  }
  return outcomes;
}

}  // namespace lernd
