#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <utility>

namespace lernd {

/// How many a second, over the last ten seconds. Pure: time is handed in.
class Rate {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void add(std::uint64_t n, Time now) {
    if (steps_.empty()) begun_ = now;
    steps_.emplace_back(now, n);
    sum_ += n;
    drop_old(now);
  }

  double per_second(Time now) {
    drop_old(now);
    if (steps_.empty()) return 0;
    const auto span = std::chrono::duration<double>(std::min<std::chrono::steady_clock::duration>(now - begun_, kWindow)).count();
    return static_cast<double>(sum_) / std::max(span, 1.0);
  }

 private:
  static constexpr std::chrono::seconds kWindow{10};

  void drop_old(Time now) {
    while (!steps_.empty() && steps_.front().first + kWindow < now) {
      sum_ -= steps_.front().second;
      steps_.pop_front();
    }
  }

  std::deque<std::pair<Time, std::uint64_t>> steps_;
  std::uint64_t sum_ = 0;
  Time begun_{};
};

}  // namespace lernd
