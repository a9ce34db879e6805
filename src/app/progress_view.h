#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

namespace lernd {

/// How far a long work has come.
struct ProgressCount {
  std::int64_t done = 0;
  std::int64_t total = 0;
  double per_second = 0;
};

/// Shows progress on standard error: a bar that is drawn over on a terminal, elsewhere a line every five seconds and one at the end.
///
/// Threads: one at a time.
class ProgressView {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// `what` names what is counted: `events`.
  explicit ProgressView(std::string what);
  void show(const ProgressCount& count, Time now);
  /// Shows the last state and ends the line.
  void finish(const ProgressCount& count);

 private:
  const std::string what_;
  const bool terminal_;
  Time line_due_{};
};

/// The bar or line for a count. Pure. `width` is that of the bar; 0 leaves it out.
std::string progress_text(const std::string& what, const ProgressCount& count, std::size_t width);

}  // namespace lernd
