#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace lernd::bulk {

/// How far a run has come.
struct Progress {
  std::int64_t done = 0;   ///< ids that are done or have failed, those of earlier runs included
  std::int64_t total = 0;  ///< 0: not known yet, the ids are being read
  std::int64_t failed = 0;
  double per_second = 0;
  std::string waits_for;           ///< empty: something is under way
  std::int64_t waits_seconds = 0;  ///< how much longer
};

/// One line for a person. `width` is that of the bar; 0 leaves it out. Pure.
std::string progress_text(const Progress& progress, std::size_t width);

/// A span of time as a person says it: `850 ms`, `12.3 s`, `4 min 10 s`, `2 h 5 min`, `11 d 14 h`.
std::string duration_text(std::int64_t ms);

/// Shows how far a run has come.
class ProgressSink {
 public:
  virtual ~ProgressSink() = default;
  /// From now on `look` tells, from any thread and at any time until `end`.
  virtual void begin(std::function<Progress()> look) = 0;
  /// A block has ended, or a page of ids has come. From any thread.
  virtual void moved() = 0;
  virtual void end() = 0;
};

}  // namespace lernd::bulk
