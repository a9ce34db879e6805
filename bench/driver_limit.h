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

/// Learners that `rounds` measurements of `events` events need: none is met twice, as rows written again cost the server less than new ones.
std::size_t limit_learners(std::size_t events, std::size_t rounds);

/// Runs bench/driver_limit, `events` events for each number in flight, on the learners of that `round`, counted from 0.
LimitFigures measure_driver_limit(const World& world, std::size_t events, std::size_t round);

/// The faster of two.
LimitFigures better(const LimitFigures& a, const LimitFigures& b);

}  // namespace lernd::bench
