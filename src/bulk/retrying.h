#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <type_traits>

#include "bulk/pace.h"
#include "core/error.h"
#include "ports/clock.h"

namespace lernd::bulk {

/// How often something is done again that fails for a fault that may pass, and how long the waits between are.
struct RetryPace {
  int retries_max = 5;
  std::chrono::milliseconds base{1000};
  std::chrono::milliseconds cap{60000};
};

/// What the waits need. `on_retry`, which may be empty, is called before each wait.
struct RetryParts {
  Waiter& waiter;
  Clock& clock;
  std::function<void(const Error& error)> on_retry;
  std::stop_token stop;
};

/// Does something until it succeeds, fails for good, has used up its retries, or the stop comes. `call` takes nothing and returns a Result; the last one
/// counts.
template <class Call>
std::invoke_result_t<Call> with_retries(const RetryPace& pace, const RetryParts& parts, Call call) {
  for (int retry = 1;; ++retry) {
    auto result = call();
    if (result || result.error().treatment != Treatment::retry || retry > pace.retries_max) return result;
    if (parts.on_retry) parts.on_retry(result.error());
    const auto share = static_cast<double>(parts.clock.random()[0] >> 11) / static_cast<double>(std::uint64_t{1} << 53);
    if (!parts.waiter.wait_until(parts.waiter.now() + backoff(retry, pace.base, pace.cap, share), parts.stop)) return result;
  }
}

}  // namespace lernd::bulk
