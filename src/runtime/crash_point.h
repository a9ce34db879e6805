#pragma once

#include <string_view>

namespace lernd {

/// A step at which a crash test may kill this process (SIGKILL): the environment variable LERND_CRASH_AT names the step, `step` or `step:n` for the n-th time
/// it is passed. Builds without LERND_TEST_HOOKS know neither the variable nor the steps.
///
/// Steps: `after-journal`, `part-of-writes`, `before-documents`, `part-of-documents`, `after-writes`, `before-commit`, `after-commit`.
#ifdef LERND_TEST_HOOKS
void crash_point(std::string_view step);
/// True when this process is to be killed at `step`, now or later.
bool crash_armed(std::string_view step);
#else
inline void crash_point(std::string_view) {}
inline bool crash_armed(std::string_view) { return false; }
#endif

}  // namespace lernd
