#include "jobs/activity_aggregate_updater/window_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "jobs/activity_aggregate_updater/rules.h"
#include "jobs/course_progress/counters.h"

namespace lernd::activity_aggregate_updater {

namespace course = course_progress;
namespace shared = course_progress::counter;

WindowRun::WindowRun(const ContentsFinished& event, const Known& known, const Facts& facts, const Options& options, const Stamp& stamp)
    : event_(event),
      known_(known),
      facts_(facts),
      options_(options),
      stamp_(stamp),
      contents_(known.consumption),
      processed_(known.enrolment != nullptr && course::is_processed(*known.enrolment)),
      events_(event.enrolment, stamp) {}

bool WindowRun::prepare(const std::vector<Window>& windows, Ask& ask) {
  if (!options_.unit_aggregates) return true;
  Contents all(known_.consumption);
  for (const Window& window : windows) all.merge(window);
  auto units = course::unit_leaves(event_.enrolment.course_id, course::ids(all.all()), options_.relation_cache, facts_, ask, unit_look_ups_);
  if (!units) return false;
  units_ = *std::move(units);
  units_of_ = all.all().size();
  return true;
}

void WindowRun::run(const std::vector<Window>& windows) {
  for (const Window& window : windows) take(window, &window == &windows.back());
}

void WindowRun::take(const Window& window, bool last) {
  Counts& counts = plan_.counts;
  contents_.merge(window);
  look_up_units();
  counts.add(counter::kProcessed);
  counts.add(shared::kReads);
  counts.add(known_.course_look_ups);
  counts.add(unit_look_ups_);
  counts.add(shared::kUpdates, groups_of(contents_.inputs().size()));
  counts.add(shared::kUpdates, groups_of(units_.size() + (known_.course.missing ? 0 : 1)));
  const auto done = course::finished(contents_.all());
  if (known_.course.missing) {
    counts.add(shared::kRetired);
  } else {
    bring_up_to_date(done, last);
  }
  tell_of_contents();
  if (last) {
    aggregates_ = course::aggregate_writes(options_.tables, event_.enrolment, known_.course, units_, done, stamp_.now);
  } else {
    contents_.settle();
  }
}

/// Before the last window there may be contents that no window had yet.
void WindowRun::look_up_units() {
  if (!options_.unit_aggregates || units_of_ == contents_.all().size()) return;
  Ask ask;
  unit_look_ups_ = {};
  auto units = course::unit_leaves(event_.enrolment.course_id, course::ids(contents_.all()), options_.relation_cache, facts_, ask, unit_look_ups_);
  assert(units && "prepare looks up all of them");
  units_ = *std::move(units);
  units_of_ = contents_.all().size();
}

void WindowRun::bring_up_to_date(const std::vector<std::string_view>& done, bool last) {
  Counts& counts = plan_.counts;
  if (options_.skip_processed) {
    counts.add(shared::kReads);
    if (processed_) return;
  }
  const std::size_t completed = course::count_common(known_.course.required, done);
  const bool complete = completed >= known_.course.required.size();
  counts.add(shared::kUpdates);
  if (complete || last) {
    auto write = course::enrolment_write(options_.tables, event_.enrolment, contents_.all(), completed, complete, stamp_.now);
    // Without the filter a later window may find less finished; the time of the completion stays.
    for (const Assignment& before : enrolment_ ? enrolment_->set : std::vector<Assignment>()) {
      if (std::ranges::find(write.set, before.column, &Assignment::column) == write.set.end()) write.set.push_back(before);
    }
    enrolment_ = std::move(write);
  }
  if (!complete) return;
  if (known_.course.required.empty()) plan_.remarks.push_back({course::kNothingRequired, course::described(event_.enrolment)});
  processed_ = true;
  emit(options_.certificate_topic, events_.certificate_request());
  emit(options_.audit_topic, events_.completion_audit());
  counts.add(shared::kCompleted);
  counts.add(shared::kCertificates);
}

void WindowRun::tell_of_contents() {
  for (const Contents::Input& input : contents_.inputs()) {
    const std::string_view id = contents_.all()[input.place].content_id;
    if (input.row_status < course::kCompleted) {
      plan_.remarks.push_back(
          {"a content is finished, but its row is not: progress may go back", fmt::format("{}, content {}", course::described(event_.enrolment), id)});
    }
    if (input.first_view) emit(options_.audit_topic, events_.content_start_audit(id));
    if (input.first_completion) emit(options_.audit_topic, events_.content_completion_audit(id));
  }
}

Plan WindowRun::plan() && {
  append_stage(plan_, contents_.writes(options_.tables, event_.enrolment), options_.write_group_rows);
  append_stage(plan_, std::move(aggregates_), options_.write_group_rows);
  if (enrolment_) append_stage(plan_, {*std::move(enrolment_)}, 1);
  if (known_.course.missing) {
    const OutputRecord failed{.topic = options_.failed_topic, .key = {}, .value = course::failed_event(event_.enrolment, contents_.all()), .headers = {}};
    plan_.outputs.insert(plan_.outputs.end(), event_.messages, failed);
  }
  plan_.counts.add(counter::kReceived, event_.messages);
  return std::move(plan_);
}

}  // namespace lernd::activity_aggregate_updater
