#pragma once

#include <span>
#include <vector>

#include "core/ask.h"
#include "core/error.h"
#include "core/plan.h"

namespace lernd {

/// Keys with text, set or hash values in numbered databases of named servers (Redis).
///
/// Bulk as TableStore. A group is applied as one transaction: no reader sees a part of it. Writing a kind over another kind replaces it.
/// Threads: one worker owns one cache object and calls it from one thread.
/// Errors: `retry` (away, timed out, loading, read-only replica), `reject` (key holds another kind than asked for), `fatal` (wrong password, unknown
///         database, unknown endpoint).
class Cache {
 public:
  virtual ~Cache() = default;
  virtual std::vector<Result<CacheValue>> read(std::span<const CacheQuery> queries) = 0;
  virtual std::vector<Result<void>> write(std::span<const CacheGroup> groups) = 0;

  /// Answers when every configured server does.
  virtual Result<void> ping() = 0;
  /// All keys of a database with their kind, sorted. For tests and tools.
  virtual Result<std::vector<std::pair<std::string, CacheKind>>> keys(const CacheId& cache) = 0;
};

}  // namespace lernd
