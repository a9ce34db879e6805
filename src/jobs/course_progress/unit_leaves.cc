#include "jobs/course_progress/unit_leaves.h"

namespace lernd::course_progress {

std::optional<std::vector<UnitLeaves>> unit_leaves(std::string_view course_id, const std::vector<std::string_view>& contents, const RelationCache& cache,
                                                   const Facts& facts, Ask& ask, Counts& counts) {
  Counts look_ups;
  auto ids = units_above(course_id, contents, cache, facts, ask, look_ups);
  if (!ids) return std::nullopt;
  std::vector<UnitLeaves> units;
  for (std::string& id : *ids) {
    if (auto leaves = leaf_set(course_id, id, false, cache, facts, ask, look_ups)) units.push_back({std::move(id), *std::move(leaves)});
  }
  if (units.size() < ids->size()) return std::nullopt;
  counts.add(look_ups);
  return units;
}

std::vector<RowWrite> aggregate_writes(const ProgressTables& tables, const EnrolmentKey& enrolment, const LeafSet& course, const std::vector<UnitLeaves>& units,
                                       const std::vector<std::string_view>& done, Timestamp now) {
  std::vector<RowWrite> writes;
  if (!course.missing) writes.push_back(aggregate_write(tables, enrolment, enrolment.course_id, count_common(course.required, done), now));
  for (const auto& [unit_id, leaves] : units) writes.push_back(aggregate_write(tables, enrolment, unit_id, count_common(leaves.required, done), now));
  return writes;
}

}  // namespace lernd::course_progress
