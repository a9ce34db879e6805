#include "core/facts.h"

namespace lernd {
namespace {

template <class Known, class Query>
auto look_up(const Known& known, const Query& query, std::vector<Query>& missing) -> const typename Known::mapped_type* {
  const auto found = known.find(query);
  if (found != known.end()) return &found->second;
  missing.push_back(query);
  return nullptr;
}

}  // namespace

const Rows* Facts::rows(const RowsQuery& query, Ask& ask) const { return look_up(rows_, query, ask.rows); }
const CacheValue* Facts::cache(const CacheQuery& query, Ask& ask) const { return look_up(cache_, query, ask.cache); }
const HttpAnswer* Facts::http(const HttpQuery& query, Ask& ask) const { return look_up(http_, query, ask.http); }
const StoredDocument* Facts::document(const DocumentId& query, Ask& ask) const { return look_up(documents_, query, ask.documents); }

void Facts::put(RowsQuery query, Rows rows) { rows_.insert_or_assign(std::move(query), std::move(rows)); }
void Facts::put(CacheQuery query, CacheValue value) { cache_.insert_or_assign(std::move(query), std::move(value)); }
void Facts::put(HttpQuery query, HttpAnswer answer) { http_.insert_or_assign(std::move(query), std::move(answer)); }
void Facts::put(DocumentId query, StoredDocument document) { documents_.insert_or_assign(std::move(query), std::move(document)); }

}  // namespace lernd
