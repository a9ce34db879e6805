#pragma once

#include <cstddef>
#include <vector>

#include "world.h"

namespace lernd::bench {

/// How fast the bare driver sends the statements that the job sends for these events.
struct LimitFigures {
  double events_per_s = 0;
  double cpu_s_per_1000 = 0;
  int in_flight = 0;  ///< the number of events under way at once with which it was fastest
};

/// Runs bench/driver_limit on the world's learners of that kind, `events` of them for each number in flight. Their rows may be written any number of times.
LimitFigures measure_driver_limit(const World& world, std::size_t events);

/// The faster of two.
LimitFigures better(const LimitFigures& a, const LimitFigures& b);

}  // namespace lernd::bench
