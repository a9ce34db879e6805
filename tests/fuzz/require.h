#pragma once

#include <cstdio>
#include <cstdlib>
#include <source_location>

namespace lernd {

/// Ends the fuzzer with the place of a broken promise; libFuzzer then keeps the input.
inline void require(bool kept, std::source_location place = std::source_location::current()) {
  if (kept) return;
  std::fprintf(stderr, "%s:%u: a promise is broken\n", place.file_name(), static_cast<unsigned>(place.line()));
  std::abort();
}

}  // namespace lernd
