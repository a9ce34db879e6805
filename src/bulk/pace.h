#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <stop_token>

namespace lernd::bulk {

using Time = std::chrono::steady_clock::time_point;

/// The pause before retry `retry` (from 1): doubles from `base` up to `cap`, times a number between a half and one. `random` is in [0, 1). Pure.
std::chrono::milliseconds backoff(int retry, std::chrono::milliseconds base, std::chrono::milliseconds cap, double random);

/// Spaces the starts of things evenly. May be called from any thread.
class RateGate {
 public:
  /// So many in that time; 0: no limit.
  RateGate(std::int64_t count, std::chrono::nanoseconds time);
  /// The next free start at or after `ready`; it is taken, for `count` things that start together.
  Time take(Time ready, std::int64_t count = 1);

 private:
  const std::chrono::steady_clock::duration spacing_;
  std::mutex mutex_;  ///< guards `next_`
  Time next_{};
};

/// How waits are made, so that tests need none.
class Waiter {
 public:
  virtual ~Waiter() = default;
  virtual Time now() = 0;
  /// True when the time has come, false when the stop was asked for first.
  virtual bool wait_until(Time time, const std::stop_token& stop) = 0;
};

/// Waits by the steady clock. May be called from any thread.
class SteadyWaiter final : public Waiter {
 public:
  Time now() override { return std::chrono::steady_clock::now(); }
  bool wait_until(Time time, const std::stop_token& stop) override;
};

}  // namespace lernd::bulk
