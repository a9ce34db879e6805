#include "runtime/retry.h"

#include <algorithm>

namespace lernd {

bool RetryState::failed(const RetryOptions& options, Time now) {
  if (attempts_ == 0) first_failure_ = now;
  ++attempts_;
  return attempts_ < options.attempts_max && now - first_failure_ < options.budget;
}

std::chrono::milliseconds RetryState::delay(const RetryOptions& options, std::uint64_t random) const {
  constexpr int kDoublingsMax = 30;
  const int doublings = std::clamp(attempts_ - 1, 0, kDoublingsMax);
  const auto ceiling = std::min<std::int64_t>(options.delay_initial.count() << doublings, options.delay_max.count());
  return std::chrono::milliseconds(1 + static_cast<std::int64_t>(random % static_cast<std::uint64_t>(std::max<std::int64_t>(ceiling, 1))));
}

}  // namespace lernd
