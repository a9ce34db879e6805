#include "jobs/enrolment_reconciliation/rules.h"

#include "jobs/course_progress/collection_status.h"
#include "jobs/course_progress/counters.h"
#include "jobs/course_progress/course_tree.h"
#include "jobs/course_progress/output_events.h"
#include "jobs/course_progress/progress.h"

namespace lernd::enrolment_reconciliation {

namespace course = course_progress;
namespace counter = course_progress::counter;

namespace {

void emit_failed(Plan& plan, const SyncRequest& request, const std::vector<course::ContentRow>& contents, const Options& options) {
  const OutputRecord record{.topic = options.failed_topic, .key = {}, .value = course::failed_event(request.enrolment, contents), .headers = {}};
  plan.outputs.insert(plan.outputs.end(), request.messages, record);
}

/// What to do about a course whose leaf set is missing: nothing more to learn (a step that ends the event), go on without the course (no step), or an ask.
std::optional<Step> without_leaf_set(const SyncRequest& request, const Facts& facts, const Options& options, Counts& counts) {
  Ask ask;
  const HttpAnswer* answer = facts.http(course::status_query(options.search_url, request.enrolment.course_id, options.status_remembered), ask);
  if (answer == nullptr) return ask;
  const auto status = course::collection_status(*answer);
  if (!status) return Reject{status.error(), counts};
  if (*status != "Retired") {
    return Reject{{Treatment::reject, ErrorCode::unpublished_course,
                   "the course has no leaf set in the relation cache and is not Retired; publish it again so that relation-cache-updater fills the set"},
                  counts};
  }
  counts.add(counter::kRetired);
  return std::nullopt;
}

/// The aggregates of the units above the learner's contents; null while their sets are still asked for.
std::optional<std::vector<RowWrite>> unit_aggregates(const SyncRequest& request, const std::vector<course::ContentRow>& contents, const Facts& facts,
                                                     const Options& options, const Stamp& stamp, Ask& ask, Counts& counts) {
  const auto& enrolment = request.enrolment;
  const auto done = course::finished(contents);
  const auto units = course::units_above(enrolment.course_id, course::ids(contents), options.relation_cache, facts, ask, counts);
  if (!units) return std::nullopt;
  std::vector<RowWrite> writes;
  for (const std::string& unit : *units) {
    const auto leaf = course::leaf_set(enrolment.course_id, unit, false, options.relation_cache, facts, ask, counts);
    if (leaf) writes.push_back(course::aggregate_write(options.tables, enrolment, unit, course::count_common(leaf->required, done), stamp.now));
  }
  if (ask.pending()) return std::nullopt;
  return writes;
}

void bring_up_to_date(Plan& plan, const SyncRequest& request, const std::vector<course::ContentRow>& contents, std::size_t completed, bool complete,
                      const Options& options, const Stamp& stamp) {
  const auto& enrolment = request.enrolment;
  const auto groups = append_stage(plan, {course::enrolment_write(options.tables, enrolment, contents, completed, complete, stamp.now)}, 1);
  plan.counts.add(counter::kUpdates, groups);
  if (!complete) return;
  plan.outputs.push_back({.topic = options.certificate_topic, .key = {}, .value = course::certificate_request(enrolment, stamp), .headers = {}});
  plan.outputs.push_back({.topic = options.audit_topic, .key = {}, .value = course::completion_audit(enrolment, stamp), .headers = {}});
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
    return nothing;
  }
  const auto contents = course::content_rows(*consumption);
  if (!course_leaf) return ask;
  counts.add(counter::kReads);
  if (course_leaf->missing) {
    if (auto end = without_leaf_set(request, facts, options, counts)) return *std::move(end);
    emit_failed(plan, request, contents, options);
  }

  const std::size_t completed = course::count_common(course_leaf->required, course::finished(contents));
  std::vector<RowWrite> aggregates;
  if (!course_leaf->missing) aggregates.push_back(course::aggregate_write(options.tables, enrolment, enrolment.course_id, completed, stamp.now));
  if (options.unit_aggregates) {
    auto units = unit_aggregates(request, contents, facts, options, stamp, ask, counts);
    if (!units) return ask;
    std::ranges::move(*units, std::back_inserter(aggregates));
  }
  if (ask.pending()) return ask;
  counts.add(counter::kUpdates, append_stage(plan, std::move(aggregates), options.write_group_rows));
  if (course_leaf->missing) return plan;

  if (options.skip_processed) {
    counts.add(counter::kReads);
    if (stored->empty() || (*stored)[0]["status"] == Value(course::kCompleted)) return plan;
  }
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
