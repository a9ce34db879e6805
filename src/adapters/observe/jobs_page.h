#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/record.h"

namespace lernd {

/// What is shown of a running job.
struct JobView {
  struct Partition {
    TopicPartition source;
    std::int64_t lag = 0;
    bool paused = false;   ///< waiting to meet a fault again
    bool stopped = false;  ///< its retries are used up; needs an operator
  };
  std::string job;
  std::vector<Partition> partitions;
  std::uint64_t records_done = 0;
  double records_per_second = 0;
  std::string last_error;            ///< empty when there was none
  bool waiting_for_service = false;  ///< the last round failed for a fault that may pass
};

/// The answer of `/jobs`: an array of objects with `job`, `state`, `lag` (of all partitions), `records_done`, `records_per_second`, `last_error` and
/// `partitions`, an array of `topic`, `partition`, `lag` and `state`.
///
/// `state` of a partition is `running`, `paused` or `stopped`; that of a job is `stopped` when one of its partitions is, else `waiting` when it waits for a
/// service or one of them is paused, else `idle` when it has none (others of its group have them all), else `running`.
std::string jobs_json(std::span<const JobView> jobs);

/// A page for people out of that JSON: complete without a script; with one it stays current and draws the rate of each job since it was opened. Fetches nothing
/// but itself. Members that are missing are shown as nothing; a text that is not such JSON gives a page without jobs.
std::string jobs_page(std::string_view jobs_json);

}  // namespace lernd
