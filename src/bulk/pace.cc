#include "bulk/pace.h"

#include <algorithm>
#include <condition_variable>

namespace lernd::bulk {

std::chrono::milliseconds backoff(int retry, std::chrono::milliseconds base, std::chrono::milliseconds cap, double random) {
  std::int64_t pause = std::min(base, cap).count();
  for (int i = 1; i < retry && pause < cap.count() && pause > 0; ++i) pause = std::min(pause * 2, cap.count());
  return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(pause) * (0.5 + random / 2)));
}

RateGate::RateGate(std::int64_t count, std::chrono::nanoseconds time) : spacing_(count <= 0 ? std::chrono::nanoseconds(0) : time / count) {}

Time RateGate::take(Time ready, std::int64_t count) {
  const std::scoped_lock lock(mutex_);
  const Time start = std::max(ready, next_);
  next_ = start + spacing_ * count;
  return start;
}

bool SteadyWaiter::wait_until(Time time, const std::stop_token& stop) {
  std::mutex unshared;
  std::unique_lock lock(unshared);
  std::condition_variable_any().wait_until(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace lernd::bulk
