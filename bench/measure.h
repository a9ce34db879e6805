#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "world.h"

namespace lernd::bench {

/// What was seen of the process under test.
struct Figures {
  double events_per_s = 0;                 ///< from the moment the backlog begins to arrive until the last event is seen to be done
  double cpu_s_per_1000 = 0;               ///< CPU of the process in that time
  double start_to_first_s = 0;             ///< from the start of the process until all that the first event leaves is there
  double seconds = 0;                      ///< from the start of the process until then
  std::int64_t memory_peak_bytes = 0;      ///< VmHWM at the end of the backlog
  std::vector<std::int64_t> memory_bytes;  ///< resident, ten times along the backlog
  std::optional<double> idle_p50_ms;       ///< from before an event is sent to an idle topic until it is seen to be done; absent when none was sent
  std::optional<double> idle_p99_ms;
  std::size_t outputs = 0;  ///< records of the backlog on the output topics
  std::size_t rows = 0;     ///< answers of the stores found to be right: see `Findings`
};

/// Starts `command` on a topic with one event, sends it the backlog as soon as that event is done, waits until all of it is done, then sends single events.
///
/// An event is seen to be done by its outputs; where there are none, or none for an event that is not an item's first, by the committed position, and a single
/// event by what it leaves in the stores.
///
/// Throws when the process ends, an output is missing or there twice, a row or key is missing or wrong, or nothing moves for `patience`.
Figures measure(World& world, const std::string& command, std::chrono::seconds patience);

}  // namespace lernd::bench
