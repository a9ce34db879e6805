#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/plan.h"
#include "core/table.h"
#include "jobs/merge_user_courses/date_format.h"
#include "jobs/merge_user_courses/ledger.h"

namespace lernd::merge_user_courses {

/// What becomes of the target's content rows.
struct ContentMerge {
  std::vector<RowWrite> writes;  ///< all of one partition
  Claims claims;                 ///< of rows that no earlier attempt has claimed
  std::size_t unreadable_dates = 0;
};

/// Copies the source's content rows that the target lacks, and merges the others into the target's: only columns that change are written, every column of the
/// table is carried over.
///
/// A row matches the target's row of the same three ids, or else the last one whose ids differ in case only (of ASCII letters). Takes n log m steps.
/// `claimed`  by earlier attempts of the same event: copies they made are left alone, and counts they have added are not added again.
/// Source     merge-user-courses.md sections 5 and 9.
/// Reference  merge-user-courses, MergeOperations.mergeContentConsumption, Commons.mergeContentConsumptionRecord; with the differences C4, C6, C7, C8.
ContentMerge merge_contents(const TableName& table, const Rows& source, const Rows& target, const std::string& target_id, const Claims& claimed,
                            const DateFormat& format);

}  // namespace lernd::merge_user_courses
