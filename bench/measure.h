#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "world.h"

namespace lernd::bench {

/// What was seen of the process under test.
struct Figures {
  double events_per_s = 0;                 ///< from the moment the backlog begins to arrive until the last output is seen
  double cpu_s_per_1000 = 0;               ///< CPU of the process in that time
  double start_to_first_s = 0;             ///< from the start of the process until the first enrolment row is up to date
  double seconds = 0;                      ///< from the start of the process to the last output
  std::int64_t memory_peak_bytes = 0;      ///< VmHWM at the last output
  std::vector<std::int64_t> memory_bytes;  ///< resident, ten times along the backlog
  std::optional<double> idle_p50_ms;       ///< from before an event is sent to an idle topic until its audit event is seen; absent when none was sent
  std::optional<double> idle_p99_ms;
  std::size_t outputs = 0;  ///< certificate requests and audit events of the backlog
  std::size_t rows = 0;     ///< enrolments and aggregates found to be right
};

/// Starts `command` on a topic with one event, sends it the backlog as soon as that event is done, waits until every output is there, then sends single events.
///
/// Throws when the process ends, an output is there twice, a row is wrong, or nothing moves for `patience`.
Figures measure(World& world, const std::string& command, std::chrono::seconds patience);

}  // namespace lernd::bench
