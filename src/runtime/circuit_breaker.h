#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ports/clock.h"
#include "ports/http_client.h"

namespace lernd {

struct BreakerOptions {
  int failures_max = 5;                   ///< so many in a row, and the circuit of a service opens; 0: it never does
  std::chrono::milliseconds pause{5000};  ///< until one call is let through to see whether the service is back
};

/// An HTTP client that leaves services alone that fail: one circuit breaker for each service name.
///
/// A failure is a call that got no answer, and an answer with status 429 or from 500 on, or that the query calls a failure; calls that differ in nothing count
/// once in a row, as a service that answers the others may well be there, unless they got no answer at all or a status that speaks of the service (429, 502,
/// 503). Any other answer closes the circuit. While it is open, and for the one call that tries it, the error is `retry`/`service_away`: the service's fault
/// and no attempt of whoever asked.
///
/// Threads  as the port says. `inner` and `clock` outlive it when given by reference.
/// Errors   those of the client, and the one above; it holds what the client said last.
/// Source   M. Nygard, Release It!, "Circuit Breaker".
class CircuitBreaker final : public HttpClient {
 public:
  CircuitBreaker(std::unique_ptr<HttpClient> inner, BreakerOptions options, Clock& clock);

  std::vector<Result<HttpAnswer>> call(std::span<const HttpQuery> queries) override;

 private:
  struct Circuit {
    int failures = 0;
    std::size_t last_failed = 0;  ///< hash of the call that failed last, when it got an answer
    bool open = false;
    std::chrono::steady_clock::time_point until{};
    std::string why;
  };

  /// Makes the calls at these positions and learns from what comes of them.
  void make(std::span<const HttpQuery> queries, const std::vector<std::size_t>& positions, std::vector<Result<HttpAnswer>>& answers);
  void learn(Circuit& circuit, const HttpQuery& query, const Result<HttpAnswer>& answer);
  /// Calls each open circuit once whose pause is over.
  void probe(std::span<const HttpQuery> queries, std::vector<Result<HttpAnswer>>& answers, std::vector<bool>& made);
  Error refusal(const HttpQuery& query, const Circuit& circuit) const;

  const std::unique_ptr<HttpClient> inner_;
  const BreakerOptions options_;
  Clock& clock_;
  std::map<std::string, Circuit, std::less<>> circuits_;
};

}  // namespace lernd
