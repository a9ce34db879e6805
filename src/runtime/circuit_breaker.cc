#include "runtime/circuit_breaker.h"

#include <fmt/format.h>

namespace lernd {
namespace {

bool is_failure(const HttpQuery& query, const HttpAnswer& answer) {
  return answer.status == 429 || answer.status >= 500 || (query.failure != nullptr && query.failure(answer));
}

/// Statuses that speak of the service, whatever it was asked: too many requests, nothing behind the gateway, unavailable.
bool is_of_the_service(int status) { return status == 429 || status == 502 || status == 503; }

}  // namespace

CircuitBreaker::CircuitBreaker(std::unique_ptr<HttpClient> inner, BreakerOptions options, Clock& clock)
    : inner_(std::move(inner)), options_(options), clock_(clock) {}

std::vector<Result<HttpAnswer>> CircuitBreaker::call(std::span<const HttpQuery> queries) {
  if (options_.failures_max == 0) return inner_->call(queries);
  std::vector<Result<HttpAnswer>> answers(queries.size());
  std::vector<bool> made(queries.size(), false);
  probe(queries, answers, made);
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    if (made[i]) continue;
    if (const Circuit& circuit = circuits_[queries[i].service]; circuit.open) {
      answers[i] = std::unexpected(refusal(queries[i], circuit));
    } else {
      free.push_back(i);
    }
  }
  if (!free.empty()) make(queries, free, answers);
  return answers;
}

void CircuitBreaker::probe(std::span<const HttpQuery> queries, std::vector<Result<HttpAnswer>>& answers, std::vector<bool>& made) {
  const auto now = clock_.steady();
  for (std::size_t i = 0; i < queries.size(); ++i) {
    Circuit& circuit = circuits_[queries[i].service];
    if (!circuit.open || circuit.until > now) continue;
    make(queries, {i}, answers);
    made[i] = true;
    if (circuit.open) answers[i] = std::unexpected(refusal(queries[i], circuit));
  }
}

void CircuitBreaker::make(std::span<const HttpQuery> queries, const std::vector<std::size_t>& positions, std::vector<Result<HttpAnswer>>& answers) {
  std::vector<Result<HttpAnswer>> made;
  if (positions.size() == queries.size()) {
    made = inner_->call(queries);
  } else {
    std::vector<HttpQuery> some;
    for (const std::size_t i : positions) some.push_back(queries[i]);
    made = inner_->call(some);
  }
  for (std::size_t k = 0; k < positions.size(); ++k) {
    const HttpQuery& query = queries[positions[k]];
    learn(circuits_[query.service], query, made[k]);
    answers[positions[k]] = std::move(made[k]);
  }
}

void CircuitBreaker::learn(Circuit& circuit, const HttpQuery& query, const Result<HttpAnswer>& answer) {
  if (answer ? !is_failure(query, *answer) : answer.error().treatment != Treatment::retry) {
    circuit = {};
    return;
  }
  if (answer) {
    const std::size_t call = hash_of(query);
    if (circuit.failures == 0 || call != circuit.last_failed || is_of_the_service(answer->status)) ++circuit.failures;
    circuit.last_failed = call;
    circuit.why = fmt::format("{} answered with status {}{}", query.service, answer->status, answer->status < 400 ? " and nothing that can be used" : "");
  } else {
    ++circuit.failures;
    circuit.why = answer.error().text;
  }
  if (!circuit.open && circuit.failures < options_.failures_max) return;
  circuit.open = true;
  circuit.until = clock_.steady() + options_.pause;
}

Error CircuitBreaker::refusal(const HttpQuery& query, const Circuit& circuit) const {
  return {Treatment::retry, ErrorCode::service_away,
          fmt::format("{} failed {} times in a row and is left alone until it answers again (lernd.breaker.failures_max, lernd.breaker.pause_ms); {}",
                      query.service, circuit.failures, circuit.why)};
}

}  // namespace lernd
