#include "jobs/activity_aggregate_updater/contents.h"

#include <algorithm>
#include <limits>

namespace lernd::activity_aggregate_updater {
namespace {

/// The column is an int.
int one_more(int count) { return count == std::numeric_limits<std::int32_t>::max() ? count : count + 1; }

}  // namespace

Contents::Contents(const Rows& consumption) : rows_(course_progress::content_rows(consumption)), in_window_(rows_.size(), false) {
  for (std::size_t place = 0; place < rows_.size(); ++place) places_.emplace(rows_[place].content_id, place);
}

void Contents::merge(std::span<const std::string_view> items) {
  inputs_.clear();
  for (const std::string_view id : items) {
    const auto [found, is_new] = places_.try_emplace(id, rows_.size());
    const std::size_t place = found->second;
    if (is_new) {
      rows_.push_back({.content_id = id});
      in_window_.push_back(false);
    }
    course_progress::ContentRow& row = rows_[place];
    if (!in_window_[place]) {
      in_window_[place] = true;
      inputs_.push_back({.place = place, .row_status = row.status, .first_view = row.view_count == 0, .first_completion = row.completed_count == 0});
      if (!row.from_input) touched_.push_back(place);
      row.from_input = true;
      row.first_view |= row.view_count == 0;
      row.first_completion |= row.completed_count == 0;
      row.status = std::max(row.status, course_progress::kCompleted);
    }
    row.view_count = one_more(row.view_count);
    row.completed_count = one_more(row.completed_count);
  }
}

void Contents::settle() {
  for (const Input& input : inputs_) {
    rows_[input.place].status = input.row_status;
    in_window_[input.place] = false;
  }
}

std::vector<RowWrite> Contents::writes(const course_progress::ProgressTables& tables, const course_progress::EnrolmentKey& enrolment) const {
  std::vector<RowWrite> writes;
  for (const std::size_t place : touched_) {
    const auto& row = rows_[place];
    writes.push_back({.table = tables.consumption,
                      .key = course_progress::consumption_key(enrolment, row.content_id),
                      .set = {{"viewcount", row.view_count}, {"completedcount", row.completed_count}}});
  }
  return writes;
}

}  // namespace lernd::activity_aggregate_updater
