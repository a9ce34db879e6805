#pragma once

#include <span>
#include <vector>

#include "core/ask.h"
#include "core/error.h"

namespace lernd {

/// Calls to HTTP services.
///
/// Bulk as TableStore. Any status is an answer; redirects are not followed. Connections are kept and used again.
/// Threads: one worker owns one client and calls it from one thread.
/// Errors: `retry` (no connection, reset, timed out, answer cut short), `reject` (answer larger than 8 MiB), `fatal` (unusable URL or header,
///         certificate not trusted).
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual std::vector<Result<HttpAnswer>> call(std::span<const HttpQuery> queries) = 0;
};

}  // namespace lernd
