#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace lernd {

/// Mixes one more hash into a running one, order counts.
inline std::size_t mix(std::size_t seed, std::size_t next) { return seed ^ (next + 0x9e3779b97f4a7c15ULL + (seed << 6) + (seed >> 2)); }

inline std::size_t mix(std::size_t seed, std::string_view text) { return mix(seed, std::hash<std::string_view>{}(text)); }

}  // namespace lernd
