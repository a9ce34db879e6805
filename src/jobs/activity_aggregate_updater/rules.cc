#include "jobs/activity_aggregate_updater/rules.h"

#include <algorithm>

#include "jobs/activity_aggregate_updater/contents.h"
#include "jobs/activity_aggregate_updater/fingerprints.h"
#include "jobs/activity_aggregate_updater/window_run.h"
#include "jobs/course_progress/collection_status.h"
#include "jobs/course_progress/counters.h"
#include "jobs/course_progress/course_tree.h"
#include "jobs/course_progress/output_events.h"

namespace lernd::activity_aggregate_updater {

namespace course = course_progress;
namespace shared = course_progress::counter;

namespace {

/// Fingerprints kept in one transaction.
constexpr std::size_t kGroupKeys = 16;

/// Cuts the items into windows without those that were counted before or wait already. `remembered`: what a window counted is known to the next one.
std::vector<Window> windows_of(const ContentsFinished& event, const Options& options, bool remembered, Fingerprints& fingerprints) {
  std::vector<Window> windows;
  Window window;
  const auto close = [&] {
    if (remembered) std::ranges::for_each(window, [&](std::string_view id) { fingerprints.remember(id); });
    windows.push_back(std::move(window));
    window.clear();
  };
  for (const std::string& id : event.contents) {
    if (fingerprints.remembers(id)) continue;
    if (options.drop_duplicates && std::ranges::find(window, id) != window.end()) continue;
    window.push_back(id);
    if (window.size() == options.window_items) close();
  }
  if (!window.empty()) close();
  return windows;
}

}  // namespace

Step advance(const ContentsFinished& event, const Facts& facts, const Options& options, const Stamp& stamp) {
  const auto& enrolment = event.enrolment;
  auto fingerprints = Fingerprints::of(event, options);
  if (!fingerprints) return Reject{fingerprints.error(), {}};

  Ask ask;
  Counts course_look_ups;
  const bool looked_up = fingerprints->look_up(facts, ask);
  const Rows* consumption = facts.rows(course::consumption_query(options.tables, enrolment), ask);
  const Rows* stored = options.skip_processed ? facts.rows(course::enrolment_query(options.tables, enrolment), ask) : nullptr;
  const auto course_leaf = course::leaf_set(enrolment.course_id, enrolment.course_id, true, options.relation_cache, facts, ask, course_look_ups);
  if (looked_up && std::ranges::all_of(event.contents, [&](const std::string& id) { return fingerprints->remembers(id); })) {
    Plan nothing;
    nothing.counts.add(counter::kReceived, event.messages);
    return nothing;
  }
  if (ask.pending()) return ask;

  if (course_leaf->missing) {
    Counts steps = course_look_ups;
    steps.add(counter::kProcessed);
    steps.add(shared::kReads);
    if (auto end = course::without_leaf_set(enrolment.course_id, options, facts, steps)) return *std::move(end);
  }
  const auto windows = windows_of(event, options, !course_leaf->missing, *fingerprints);
  const Known known{*consumption, stored, *course_leaf, course_look_ups};
  WindowRun run(event, known, facts, options, stamp);
  if (!run.prepare(windows, ask)) return ask;
  run.run(windows);
  Plan plan = std::move(run).plan();
  append_stage(plan, fingerprints->writes(), kGroupKeys);
  return plan;
}

Plan parked(const ContentsFinished& event, const Facts& facts, const Options& options) {
  Ask ask;
  Plan plan;
  const Rows nothing;
  const Rows* consumption = facts.rows(course::consumption_query(options.tables, event.enrolment), ask);
  Contents contents(consumption == nullptr ? nothing : *consumption);
  contents.merge(Window(event.contents.begin(), event.contents.end()));
  const OutputRecord failed{.topic = options.failed_topic, .key = {}, .value = course::failed_event(event.enrolment, contents.all()), .headers = {}};
  plan.outputs.assign(event.messages, failed);
  plan.counts.add(counter::kReceived, event.messages);
  plan.counts.add(shared::kFailed, event.messages);
  return plan;
}

}  // namespace lernd::activity_aggregate_updater
