#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "core/options.h"
#include "jobs/course_progress/course_tree.h"
#include "jobs/course_progress/progress.h"

namespace lernd::enrolment_reconciliation {

/// What an operator can set, resolved. Meanings, defaults and units: `option_table`.
struct Options {
  course_progress::ProgressTables tables;
  course_progress::RelationCache relation_cache;
  std::string failed_topic;
  std::string audit_topic;
  std::string certificate_topic;
  std::size_t write_group_rows = 10;
  bool unit_aggregates = true;
  bool skip_processed = true;
  std::string search_url;  ///< complete, with the path of the search call
  std::chrono::seconds status_remembered{3600};
};

/// The job's rows of the option table. Source: enrolment-reconciliation.md section 9.
std::vector<Option> option_table();

Options options_from(const OptionValues& values);

}  // namespace lernd::enrolment_reconciliation
