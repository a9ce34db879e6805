#include "runtime/applier.h"

#include <algorithm>

#include "runtime/crash_point.h"
#include "runtime/document_changes.h"

namespace lernd {
namespace {

using Outcomes = std::vector<std::optional<Error>>;

bool is_list(const Assignment& assignment) { return assignment.mode == Assignment::Mode::replace && assignment.value.list() != nullptr; }

/// A row of a repeated item that sets lists.
struct ListRow {
  std::size_t item;
  RowWrite* row;
};

std::vector<ListRow> list_rows(std::span<WorkItem* const> items, std::size_t index, const Outcomes& outcomes) {
  std::vector<ListRow> found;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (outcomes[i] || !items[i]->repeated || index >= items[i]->plan.stages.size()) continue;
    for (WriteGroup& group : items[i]->plan.stages[index]) {
      RowGroup* rows = std::get_if<RowGroup>(&group);
      if (rows == nullptr) continue;
      for (RowWrite& row : *rows) {
        if (std::ranges::any_of(row.set, is_list)) found.push_back({i, &row});
      }
    }
  }
  return found;
}

/// Takes out of the plans of repeated items the lists of a stage that are there already.
void leave_out_lists(std::span<WorkItem* const> items, std::size_t index, TableStore& tables, Outcomes& outcomes) {
  const auto found = list_rows(items, index, outcomes);
  if (found.empty()) return;
  std::vector<RowsQuery> queries;
  for (const auto& [item, row] : found) {
    RowsQuery& query = queries.emplace_back(RowsQuery{row->table, {}, row->key});
    for (const Assignment& one : row->set) {
      if (is_list(one)) query.columns.push_back(one.column);
    }
  }
  const auto answers = tables.read(queries);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto& [item, row] = found[i];
    if (!answers[i]) {
      outcomes[item] = answers[i].error();
    } else if (!answers[i]->empty()) {
      std::erase_if(row->set, [stored = (*answers[i])[0]](const Assignment& one) { return is_list(one) && stored[one.column] == one.value; });
    }
  }
}

/// The writes of one stage over all items, with the item each group belongs to. The keys of caches are borrowed from the plans: they are large.
struct Stage {
  std::vector<TimedGroup> rows;
  std::vector<std::size_t> row_owners;
  std::vector<CacheGroup> cache;
  std::vector<CacheGroup*> cache_lenders;
  std::vector<std::size_t> cache_owners;
  std::vector<const DocumentWrite*> documents;
  std::vector<std::size_t> document_owners;
};

Stage stage_of(std::span<WorkItem* const> items, std::size_t index, const Outcomes& outcomes) {
  Stage stage;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (outcomes[i] || index >= items[i]->plan.stages.size()) continue;
    for (WriteGroup& group : items[i]->plan.stages[index]) {
      if (const RowGroup* rows = std::get_if<RowGroup>(&group)) {
        stage.rows.push_back({rows, items[i]->time});
        stage.row_owners.push_back(i);
      } else if (CacheGroup* keys = std::get_if<CacheGroup>(&group)) {
        stage.cache.push_back(std::move(*keys));
        stage.cache_lenders.push_back(keys);
        stage.cache_owners.push_back(i);
      } else {
        for (const DocumentWrite& write : std::get<DocumentGroup>(group)) {
          stage.documents.push_back(&write);
          stage.document_owners.push_back(i);
        }
      }
    }
  }
  return stage;
}

void give_back(Stage& stage) {
  for (std::size_t i = 0; i < stage.cache.size(); ++i) *stage.cache_lenders[i] = std::move(stage.cache[i]);
}

void note(const std::vector<Result<void>>& results, std::span<const std::size_t> owners, Outcomes& outcomes) {
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (!results[i] && !outcomes[owners[i]]) outcomes[owners[i]] = results[i].error();
  }
}

void change(const Stage& stage, SearchIndex* search, Outcomes& outcomes) {
  if (search == nullptr) {
    for (const std::size_t owner : stage.document_owners) {
      outcomes[owner] = Error{Treatment::fatal, ErrorCode::internal, "the job changes documents and names no index in its description"};
    }
    return;
  }
  crash_point("before-documents");
  if (crash_armed("part-of-documents")) {
    change_documents(std::span(stage.documents).first((stage.documents.size() + 1) / 2), *search);
    crash_point("part-of-documents");
  }
  const auto results = change_documents(stage.documents, *search);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i] && !outcomes[stage.document_owners[i]]) outcomes[stage.document_owners[i]] = results[i];
  }
}

}  // namespace

std::vector<std::optional<Error>> apply(std::span<WorkItem* const> items, TableStore& tables, Cache& cache, SearchIndex* search) {
  Outcomes outcomes(items.size());
  std::size_t stages = 0;
  for (const WorkItem* item : items) stages = std::max(stages, item->plan.stages.size());
  for (std::size_t index = 0; index < stages; ++index) {
    leave_out_lists(items, index, tables, outcomes);
    Stage stage = stage_of(items, index, outcomes);
    if (crash_armed("part-of-writes") && !stage.rows.empty()) {
      tables.write(std::span(stage.rows).first((stage.rows.size() + 1) / 2));
      crash_point("part-of-writes");
    }
    if (!stage.rows.empty()) note(tables.write(stage.rows), stage.row_owners, outcomes);
    if (!stage.cache.empty()) note(cache.write(stage.cache), stage.cache_owners, outcomes);
    if (!stage.documents.empty()) change(stage, search, outcomes);
    give_back(stage);
  }
  return outcomes;
}

}  // namespace lernd
