#pragma once

#include <chrono>
#include <cstdlib>

namespace lernd {

/// How long each fault of a test lasts: LERND_FAULT_SECONDS, a few seconds if it is not set.
inline std::chrono::seconds fault_time() {
  const char* text = std::getenv("LERND_FAULT_SECONDS");
  return std::chrono::seconds(text == nullptr ? 3 : std::atoi(text));
}

}  // namespace lernd
