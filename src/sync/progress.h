#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace lernd::sync {

/// How far a run has come.
struct Progress {
  std::int64_t done = 0;   ///< ids accepted or failed, those of earlier runs included
  std::int64_t total = 0;  ///< 0: not known yet, the ids are being read
  std::int64_t failed = 0;
  double per_second = 0;
  std::string waits_for;           ///< empty: something is under way
  std::int64_t waits_seconds = 0;  ///< how much longer
};

/// One line for a person. `width` is that of the bar; 0 leaves it out. Pure.
std::string progress_text(const Progress& progress, std::size_t width);

}  // namespace lernd::sync
