#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "core/record.h"

namespace lernd {

/// Time and randomness, in one place so that tests can hold both. May be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() = 0;
  /// Later than every earlier answer of this clock object.
  virtual WriteTime write_time() = 0;
  virtual std::chrono::steady_clock::time_point steady() = 0;
  virtual void sleep(std::chrono::milliseconds duration) = 0;
  virtual std::array<std::uint64_t, 2> random() = 0;
};

}  // namespace lernd
