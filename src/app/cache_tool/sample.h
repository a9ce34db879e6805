#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/cache_tool/user_source.h"
#include "app/cache_tool/world.h"
#include "core/error.h"

namespace lernd::cache_tool {

/// So many users of the table, drawn at random, each once; all of them when there are no more. The same seed and table give the same users.
///
/// Where rows have tokens, positions of the ring are drawn and the next row is taken, so that a large table is not read; elsewhere it is read once.
/// Errors  as `bulk::id_scan`; `reject` when there is no user.
Result<std::vector<std::string>> sampled_users(const UserSource& source, std::size_t count, std::uint64_t seed, const World& world);

}  // namespace lernd::cache_tool
