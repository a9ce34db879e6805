#pragma once

#include <chrono>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "core/facts.h"
#include "ports/cache.h"
#include "ports/clock.h"
#include "ports/http_client.h"
#include "ports/search_index.h"
#include "ports/table_store.h"

namespace lernd {

/// Asks of many events put together, each question once.
class MergedAsk {
 public:
  void add(const Ask& ask);
  const Ask& ask() const { return ask_; }

 private:
  Ask ask_;
  std::unordered_set<RowsQuery, QueryHash> rows_;
  std::unordered_set<CacheQuery, QueryHash> cache_;
  std::unordered_set<HttpQuery, QueryHash> http_;
  std::unordered_set<DocumentId, QueryHash> documents_;
};

/// Questions that got an error instead of an answer.
struct Unanswered {
  std::unordered_map<RowsQuery, Error, QueryHash> rows;
  std::unordered_map<CacheQuery, Error, QueryHash> cache;
  std::unordered_map<HttpQuery, Error, QueryHash> http;
  std::unordered_map<DocumentId, Error, QueryHash> documents;

  /// The first error among the questions of `ask`; null when none of them failed.
  const Error* find(const Ask& ask) const;
};

/// Answers asks in bulk, one call a port, and remembers the answers of HTTP services for as long as the query says. An answer that stands in for a service that
/// fails is good for half a minute; then the service is asked again.
///
/// A call that changes something is answered with status 0 when its service cannot be reached: what has to be done without it, the rules say.
///
/// One worker owns one and calls it from its thread.
class Asker {
 public:
  /// The ports outlive the asker. `search` may be null where no documents are asked for. A `dry_run` makes no call that changes something, and takes it as
  /// done.
  struct Ports {
    TableStore& tables;
    Cache& cache;
    HttpClient& http;
    SearchIndex* search;
    Clock& clock;
  };
  Asker(const Ports& ports, std::chrono::milliseconds reread_pause, bool dry_run = false) : ports_(ports), reread_pause_(reread_pause), dry_run_(dry_run) {}

  /// Puts the answers into `facts`; what failed is returned. Sleeps `reread_pause` first when a cache key is asked for once more.
  Unanswered answer(const Ask& ask, Facts& facts);

 private:
  struct Remembered {
    HttpAnswer answer;
    std::chrono::steady_clock::time_point until;
  };

  /// The answer kept of this query, when `answer` is a failure that it may stand in for; null when there is none.
  Remembered* stand_in(const HttpQuery& query, const Result<HttpAnswer>& answer);
  void answer_http(const std::vector<HttpQuery>& queries, Facts& facts, Unanswered& unanswered);

  void answer_documents(const std::vector<DocumentId>& documents, Facts& facts, Unanswered& unanswered);

  const Ports ports_;
  const std::chrono::milliseconds reread_pause_;
  const bool dry_run_;
  std::unordered_map<HttpQuery, Remembered, QueryHash> remembered_;
};

}  // namespace lernd
