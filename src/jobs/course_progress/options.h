#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "core/options.h"
#include "jobs/course_progress/course_tree.h"
#include "jobs/course_progress/progress.h"

namespace lernd::course_progress {

/// What an operator can set for every course progress job, resolved. Meanings, defaults and units: `common_options`.
struct Options {
  ProgressTables tables;
  RelationCache relation_cache;
  std::string failed_topic;
  std::string audit_topic;
  std::string certificate_topic;
  std::size_t write_group_rows = 10;
  bool unit_aggregates = true;
  bool skip_processed = true;
  std::string search_url;  ///< complete, with the path of the search call
  std::chrono::seconds status_remembered{3600};
};

/// The rows of the option table that these jobs have in common: all of the above but the failed topic, whose default each has for itself.
/// Source: enrolment-reconciliation.md section 9.
std::vector<Option> common_options();

Options options_from(const OptionValues& values);

}  // namespace lernd::course_progress
