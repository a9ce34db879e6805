#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/plan.h"
#include "core/table.h"
#include "jobs/course_progress/progress.h"

namespace lernd::activity_aggregate_updater {

/// The contents of one enrolment, first as its rows have them, then brought forward window by window.
///
/// What is finished in a window has the status finished while the window lasts. The status of its row belongs to the course service, so the next window finds
/// it as the row has it, and in progress where the window made the row. Source: activity-aggregate-updater.md sections 4.1 to 4.5. Ids are views into the rows
/// and items, which outlive it.
class Contents {
 public:
  /// A content of the window in hand.
  struct Input {
    std::size_t place = 0;  ///< in `all`
    int row_status = 0;     ///< as it is again afterwards
    bool first_view = false;
    bool first_completion = false;
  };

  explicit Contents(const Rows& consumption);

  /// Takes a window: one view and one completion for each item.
  void merge(std::span<const std::string_view> items);
  /// The window is over.
  void settle();

  const std::vector<course_progress::ContentRow>& all() const { return rows_; }
  /// Those of the window, each once, in the order of their first items.
  const std::vector<Input>& inputs() const { return inputs_; }
  /// The counts of all contents that any window had, in the order of their first items.
  std::vector<RowWrite> writes(const course_progress::ProgressTables& tables, const course_progress::EnrolmentKey& enrolment) const;

 private:
  std::vector<course_progress::ContentRow> rows_;
  std::vector<bool> in_window_;  ///< by place
  std::unordered_map<std::string_view, std::size_t> places_;
  std::vector<std::size_t> touched_;
  std::vector<Input> inputs_;
};

}  // namespace lernd::activity_aggregate_updater
