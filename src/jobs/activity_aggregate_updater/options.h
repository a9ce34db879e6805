#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "core/ask.h"
#include "core/options.h"
#include "jobs/course_progress/options.h"

namespace lernd::activity_aggregate_updater {

/// What an operator can set, resolved. Meanings, defaults and units: `option_table`.
struct Options : course_progress::Options {
  std::size_t window_items = 1000;
  bool drop_duplicates = true;
  CacheId fingerprints;
  std::chrono::seconds fingerprint_expiry{604800};
};

/// The job's rows of the option table. Source: activity-aggregate-updater.md section 8.
std::vector<Option> option_table();

Options options_from(const OptionValues& values);

}  // namespace lernd::activity_aggregate_updater
