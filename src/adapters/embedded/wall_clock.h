#pragma once

#include <chrono>
#include <cstdint>

namespace lernd::embedded {

/// Milliseconds since the epoch. The ports of the file share it with other processes, so it is the machine's clock and not that of a test.
inline std::int64_t now_ms() { return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count(); }

}  // namespace lernd::embedded
