#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace lernd {

/// The seed of a random test: LERND_SEED if set, else a new one. Printed, so that a failure can be run again.
inline std::uint64_t test_seed() {
  const char* given = std::getenv("LERND_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::printf("LERND_SEED=%llu\n", static_cast<unsigned long long>(seed));
  std::fflush(stdout);  // a test that is ended for its time-out has told it
  return seed;
}

}  // namespace lernd
