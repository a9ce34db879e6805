#pragma once

#include <chrono>
#include <cstdint>

namespace lernd {

/// How often and how long a fault that may pass is met again. Source: design.md section 5.
struct RetryOptions {
  int attempts_max = 8;
  std::chrono::milliseconds delay_initial{200};
  std::chrono::milliseconds delay_max{30000};
  std::chrono::milliseconds budget{300000};
};

/// The attempts at one piece of work so far. Pure: time and randomness are handed in.
class RetryState {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Notes a failed attempt. True when there is another one left within attempts and budget.
  bool failed(const RetryOptions& options, Time now);

  /// How long to wait before the next attempt: exponential with full jitter, at least a millisecond. `random` is any 64 bits.
  std::chrono::milliseconds delay(const RetryOptions& options, std::uint64_t random) const;

  int attempts() const { return attempts_; }

 private:
  int attempts_ = 0;
  Time first_failure_{};
};

}  // namespace lernd
