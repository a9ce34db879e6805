#pragma once

#include <algorithm>
#include <chrono>

namespace lernd {

/// The end of the time that a call may take, whatever it consists of.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Deadline(std::chrono::milliseconds time) : end_(Clock::now() + time) {}

  /// In whole milliseconds, rounded up, so that waiting for them does pass the deadline; 0 once it has passed.
  int remaining_ms() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - Clock::now()).count();
    return static_cast<int>(std::max<std::int64_t>(left, 0));
  }
  int remaining_ms(std::chrono::milliseconds at_most) const { return std::min(remaining_ms(), static_cast<int>(at_most.count())); }
  bool passed() const { return Clock::now() >= end_; }

 private:
  Clock::time_point end_;
};

}  // namespace lernd
