#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/course_progress/course_tree.h"
#include "jobs/course_progress/progress.h"

namespace lernd::course_progress {

/// A unit with the contents below it that count.
struct UnitLeaves {
  std::string unit_id;
  LeafSet leaves;
};

/// The units above any of the contents, with their leaf sets, in the order of their ids; null while a set is still asked for. Counted as `leaf_set` counts.
std::optional<std::vector<UnitLeaves>> unit_leaves(std::string_view course_id, const std::vector<std::string_view>& contents, const RelationCache& cache,
                                                   const Facts& facts, Ask& ask, Counts& counts);

/// The aggregates of the course, unless its leaf set is missing, and of its units, in this order; `done` are the finished contents.
std::vector<RowWrite> aggregate_writes(const ProgressTables& tables, const EnrolmentKey& enrolment, const LeafSet& course, const std::vector<UnitLeaves>& units,
                                       const std::vector<std::string_view>& done, Timestamp now);

}  // namespace lernd::course_progress
