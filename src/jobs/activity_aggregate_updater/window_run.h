#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/job.h"
#include "jobs/activity_aggregate_updater/contents.h"
#include "jobs/activity_aggregate_updater/event.h"
#include "jobs/activity_aggregate_updater/options.h"
#include "jobs/course_progress/output_events.h"
#include "jobs/course_progress/unit_leaves.h"

namespace lernd::activity_aggregate_updater {

/// Items of one enrolment that count as one update: content ids, in the order they came.
using Window = std::vector<std::string_view>;

/// What is known of an enrolment and its course before the first window.
struct Known {
  const Rows& consumption;
  const Rows* enrolment;  ///< null when it is not read
  const course_progress::LeafSet& course;
  const Counts& course_look_ups;
};

/// One event on its way through its windows.
///
/// A plan has one time for all its writes, so it holds the last value of every cell; counters and events are those of all windows. As contents only come in,
/// the aggregates of the last window are all there are. Source: activity-aggregate-updater.md section 4, enrolment-reconciliation.md section 4. All arguments
/// outlive it.
class WindowRun {
 public:
  WindowRun(const ContentsFinished& event, const Known& known, const Facts& facts, const Options& options, const Stamp& stamp);

  /// Looks up what all windows need; false while something is still asked for.
  bool prepare(const std::vector<Window>& windows, Ask& ask);
  /// Carries the windows out, once prepared.
  void run(const std::vector<Window>& windows);

  /// The plan but for the fingerprints, which are its last writes.
  Plan plan() &&;

 private:
  void take(const Window& window, bool last);
  void look_up_units();
  void bring_up_to_date(const std::vector<std::string_view>& done, bool last);
  void tell_of_contents();
  void emit(const std::string& topic, std::string value) { plan_.outputs.push_back({.topic = topic, .key = {}, .value = std::move(value), .headers = {}}); }
  std::size_t groups_of(std::size_t rows) const { return (rows + options_.write_group_rows - 1) / options_.write_group_rows; }

  const ContentsFinished& event_;
  const Known& known_;
  const Facts& facts_;
  const Options& options_;
  const Stamp& stamp_;
  Contents contents_;
  bool processed_;  ///< the enrolment is not there, or completed
  std::vector<course_progress::UnitLeaves> units_;
  Counts unit_look_ups_;
  std::size_t units_of_ = 0;  ///< the number of contents that `units_` are above
  course_progress::OutputEvents events_;
  std::vector<RowWrite> aggregates_;
  std::optional<RowWrite> enrolment_;
  Plan plan_;
};

}  // namespace lernd::activity_aggregate_updater
