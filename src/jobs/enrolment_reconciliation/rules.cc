#include "jobs/enrolment_reconciliation/rules.h"

#include "jobs/course_progress/collection_status.h"
#include "jobs/course_progress/counters.h"
#include "jobs/course_progress/course_tree.h"
#include "jobs/course_progress/output_events.h"
#include "jobs/course_progress/progress.h"
#include "jobs/course_progress/unit_leaves.h"

namespace lernd::enrolment_reconciliation {

namespace course = course_progress;
namespace counter = course_progress::counter;

namespace {

void emit_failed(Plan& plan, const SyncRequest& request, const std::vector<course::ContentRow>& contents, const Options& options) {
  const OutputRecord record{.topic = options.failed_topic, .key = {}, .value = course::failed_event(request.enrolment, contents), .headers = {}};
  plan.outputs.insert(plan.outputs.end(), request.messages, record);
}

void bring_up_to_date(Plan& plan, const SyncRequest& request, const std::vector<course::ContentRow>& contents, std::size_t completed, bool complete,
                      const Options& options, const Stamp& stamp) {
  const auto& enrolment = request.enrolment;
  const auto groups = append_stage(plan, {course::enrolment_write(options.tables, enrolment, contents, completed, complete, stamp.now)}, 1);
  plan.counts.add(counter::kUpdates, groups);
  if (!complete) return;
  course::OutputEvents events(enrolment, stamp);
  plan.outputs.push_back({.topic = options.certificate_topic, .key = {}, .value = events.certificate_request(), .headers = {}});
  plan.outputs.push_back({.topic = options.audit_topic, .key = {}, .value = events.completion_audit(), .headers = {}});
  plan.counts.add(counter::kCompleted);
  plan.counts.add(counter::kCertificates);
}

}  // namespace

Step advance(const SyncRequest& request, const Facts& facts, const Options& options, const Stamp& stamp) {
  const auto& enrolment = request.enrolment;
  Ask ask;
  Plan plan;
  Counts& counts = plan.counts;

  const Rows* consumption = facts.rows(course::consumption_query(options.tables, enrolment), ask);
  const Rows* stored = options.skip_processed ? facts.rows(course::enrolment_query(options.tables, enrolment), ask) : nullptr;
  const auto course_leaf = course::leaf_set(enrolment.course_id, enrolment.course_id, true, options.relation_cache, facts, ask, counts);
  if (consumption == nullptr) return ask;
  if (consumption->empty()) {
    Plan nothing;
    nothing.counts.add(counter::kReads);
    nothing.remarks.push_back({"an enrolment without any content row keeps its progress", course::described(enrolment)});
    return nothing;
  }
  const auto contents = course::content_rows(*consumption);
  if (!course_leaf) return ask;
  counts.add(counter::kReads);
  if (course_leaf->missing) {
    if (auto end = course::without_leaf_set(enrolment.course_id, options, facts, counts)) return *std::move(end);
    emit_failed(plan, request, contents, options);
  }

  std::vector<course::UnitLeaves> units;
  if (options.unit_aggregates) {
    auto known = course::unit_leaves(enrolment.course_id, course::ids(contents), options.relation_cache, facts, ask, counts);
    if (!known) return ask;
    units = *std::move(known);
  }
  if (ask.pending()) return ask;
  const auto done = course::finished(contents);
  auto aggregates = course::aggregate_writes(options.tables, enrolment, *course_leaf, units, done, stamp.now);
  counts.add(counter::kUpdates, append_stage(plan, std::move(aggregates), options.write_group_rows));
  if (course_leaf->missing) return plan;

  if (options.skip_processed) {
    counts.add(counter::kReads);
    if (course::is_processed(*stored)) return plan;
  }
  const std::size_t completed = course::count_common(course_leaf->required, done);
  if (course_leaf->required.empty()) plan.remarks.push_back({course::kNothingRequired, course::described(enrolment)});
  bring_up_to_date(plan, request, contents, completed, completed >= course_leaf->required.size(), options, stamp);
  return plan;
}

Plan parked(const SyncRequest& request, const Facts& facts, const Options& options) {
  Ask ask;
  Plan plan;
  const Rows* consumption = facts.rows(course::consumption_query(options.tables, request.enrolment), ask);
  emit_failed(plan, request, consumption == nullptr ? std::vector<course::ContentRow>() : course::content_rows(*consumption), options);
  plan.counts.add(counter::kFailed, request.messages);
  return plan;
}

}  // namespace lernd::enrolment_reconciliation
