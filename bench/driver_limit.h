#pragma once

#include <cstddef>

#include "world.h"

namespace lernd::bench {

/// How fast the bare drivers send what the job sends for these events.
struct LimitFigures {
  double events_per_s = 0;
  double cpu_s_per_1000 = 0;
  int in_flight = 0;  ///< the number of events under way at once with which it was fastest
};

/// Items that `rounds` measurements of `events` events need when none is to be met twice, as rows written again cost the server less than new ones.
std::size_t limit_items(std::size_t events, std::size_t rounds);

/// Runs bench/driver_limit, `events` events for each number in flight, on the items of that `round`, counted from 0.
LimitFigures measure_driver_limit(World& world, std::size_t events, std::size_t round);

/// The faster of two.
LimitFigures better(const LimitFigures& a, const LimitFigures& b);

}  // namespace lernd::bench
