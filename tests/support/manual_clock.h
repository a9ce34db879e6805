#pragma once

#include <mutex>
#include <random>

#include "ports/clock.h"

namespace lernd {

/// A clock that moves only when something sleeps, and a generator with a seed: the same test run sees the same times and ids.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(std::uint64_t seed = 1) : generator_(seed) {}

  Timestamp now() override {
    const std::lock_guard lock(mutex_);
    return {kEpochMs + elapsed_.count()};
  }
  WriteTime write_time() override {
    const std::lock_guard lock(mutex_);
    last_us_ = std::max(last_us_ + 1, (kEpochMs + elapsed_.count()) * 1000);
    return {last_us_};
  }
  std::chrono::steady_clock::time_point steady() override {
    const std::lock_guard lock(mutex_);
    return std::chrono::steady_clock::time_point(elapsed_ + std::chrono::hours(1));
  }
  void sleep(std::chrono::milliseconds duration) override {
    const std::lock_guard lock(mutex_);
    elapsed_ += duration;
  }
  std::array<std::uint64_t, 2> random() override {
    const std::lock_guard lock(mutex_);
    return {generator_(), generator_()};
  }

 private:
  static constexpr std::int64_t kEpochMs = 1'700'000'000'000;
  std::mutex mutex_;
  std::chrono::milliseconds elapsed_{0};
  std::int64_t last_us_ = 0;
  std::mt19937_64 generator_;
};

}  // namespace lernd
