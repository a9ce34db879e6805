#pragma once

#include <unordered_map>

#include "core/ask.h"

namespace lernd {

/// What is known: the answers to the asks of a batch.
///
/// A look-up that finds its fact returns it; one that does not notes the query in `ask` and returns null, so that independent questions are put together and
/// travel in one round. Two look-ups of the same note it twice; whoever asks for a batch puts each question once. Pointers stay valid until the fact is
/// forgotten. Not thread-safe; one batch owns one.
class Facts {
 public:
  const Rows* rows(const RowsQuery& query, Ask& ask) const;
  const CacheValue* cache(const CacheQuery& query, Ask& ask) const;
  const HttpAnswer* http(const HttpQuery& query, Ask& ask) const;
  const StoredDocument* document(const DocumentId& query, Ask& ask) const;

  void put(RowsQuery query, Rows rows);
  void put(CacheQuery query, CacheValue value);
  void put(HttpQuery query, HttpAnswer answer);
  void put(DocumentId query, StoredDocument document);

  bool has(const RowsQuery& query) const { return rows_.contains(query); }
  bool has(const CacheQuery& query) const { return cache_.contains(query); }
  bool has(const HttpQuery& query) const { return http_.contains(query); }
  bool has(const DocumentId& query) const { return documents_.contains(query); }

 private:
  std::unordered_map<RowsQuery, Rows, QueryHash> rows_;
  std::unordered_map<CacheQuery, CacheValue, QueryHash> cache_;
  std::unordered_map<HttpQuery, HttpAnswer, QueryHash> http_;
  std::unordered_map<DocumentId, StoredDocument, QueryHash> documents_;
};

}  // namespace lernd
