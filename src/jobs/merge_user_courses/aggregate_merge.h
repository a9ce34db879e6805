#pragma once

#include <string>
#include <vector>

#include "core/ask.h"
#include "core/plan.h"
#include "core/table.h"

namespace lernd::merge_user_courses {

/// The aggregate rows of one account in one course, all contexts and columns.
RowsQuery aggregates_query(const TableName& table, const std::string& course_id, const std::string& user_id);

/// What the target's aggregate rows of one course get from the source's: maps are united key by key with the larger value, details are joined, and the time of
/// `completedCount` is `now`, so that every source row gives a write. Only entries and columns that change are written.
///
/// Source     merge-user-courses.md section 6.
/// Reference  merge-user-courses, MergeOperations.mergeUserActivityAggregates; with the differences C1, C2, C7.
std::vector<RowWrite> merge_aggregates(const TableName& table, const Rows& source, const Rows& target, const std::string& target_id, Timestamp now);

}  // namespace lernd::merge_user_courses
