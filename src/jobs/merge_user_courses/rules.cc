#include "jobs/merge_user_courses/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "jobs/merge_user_courses/aggregate_merge.h"
#include "jobs/merge_user_courses/content_merge.h"
#include "jobs/merge_user_courses/counters.h"
#include "jobs/merge_user_courses/enrolment_merge.h"
#include "jobs/merge_user_courses/ledger.h"
#include "jobs/merge_user_courses/output_events.h"

namespace lernd::merge_user_courses {
namespace {

/// Content rows and enrolments of one account share a partition, so a group of them is one write for the server and no more work than a row.
constexpr std::size_t kGroupRows = 100;
constexpr std::size_t kGroupBytes = 256u << 10;

RowsQuery rows_of(const TableName& table, const std::string& user_id) { return {table, {}, {{"userid", user_id}}}; }

/// The aggregates step; nothing while aggregates are still asked for.
std::optional<std::vector<RowWrite>> aggregates(const MergeRequest& request, const Rows& enrolments, const Facts& facts, const Options& options,
                                                const Stamp& stamp, Ask& ask) {
  std::vector<RowWrite> writes;
  for (const std::string& course : courses_of(enrolments)) {
    const Rows* source = facts.rows(aggregates_query(options.aggregates, course, request.source_id), ask);
    const Rows* target = facts.rows(aggregates_query(options.aggregates, course, request.target_id), ask);
    if (ask.pending()) continue;
    std::ranges::move(merge_aggregates(options.aggregates, *source, *target, request.target_id, stamp.now), std::back_inserter(writes));
  }
  if (ask.pending()) return std::nullopt;
  return writes;
}

/// The content step between claims and completion mark; left out when the ledger calls it complete. One without rows is marked too: should the source get some
/// before the message comes again, they are no part of it.
void append_contents(Plan& plan, const MergeRequest& request, const Rows& source, const Rows& target, const LedgerEntry& known, const Options& options,
                     const Stamp& stamp) {
  if (known.complete) return;
  const auto key = ledger_key(request, stamp.origin);
  ContentMerge merge = merge_contents(options.contents, source, target, request.target_id, known.claims, options.dates);
  append_stage(plan, claim_writes(options.ledger, key, merge.claims, known.pieces), 1);
  append_stage(plan, std::move(merge.writes), kGroupRows, kGroupBytes);
  append_stage(plan, {completion_write(options.ledger, key, stamp.now)}, 1);
  plan.counts.add(counter::kUnreadableDates, merge.unreadable_dates);
}

void emit_sync_events(Plan& plan, const EnrolmentMerge& enrolments, const Options& options, const Stamp& stamp) {
  unsigned id = 0;
  for (const auto& enrolment : enrolments.of_target) {
    plan.outputs.push_back({.topic = options.course_batch_topic, .key = {}, .value = sync_event(enrolment, kBatchSync, stamp, id++), .headers = {}});
    if (!options.enrolment_sync_topic.empty()) {
      plan.outputs.push_back({.topic = options.enrolment_sync_topic, .key = {}, .value = sync_event(enrolment, kUserSync, stamp, id++), .headers = {}});
    }
  }
  plan.counts.add(counter::kSynced, enrolments.of_target.size());
}

OutputRecord failed_record(std::string_view error, const Options& options, const Origin& origin) {
  return {.topic = options.failed_topic,
          .key = {},
          .value = failed_event(error),
          .headers = {
              {"topic", origin.source.topic}, {"partition", fmt::format("{}", origin.source.partition)}, {"offset", fmt::format("{}", origin.offset.value)}}};
}

}  // namespace

Step advance(const MergeRequest& request, const Facts& facts, const Options& options, const Stamp& stamp) {
  Ask ask;
  const Rows* ledger = facts.rows(ledger_query(options.ledger, ledger_key(request, stamp.origin)), ask);
  const Rows* source_contents = facts.rows(rows_of(options.contents, request.source_id), ask);
  const Rows* target_contents = facts.rows(rows_of(options.contents, request.target_id), ask);
  const Rows* source_enrolments = facts.rows(rows_of(options.enrolments, request.source_id), ask);
  const Rows* target_enrolments = facts.rows(rows_of(options.enrolments, request.target_id), ask);
  if (ask.pending()) return ask;
  auto aggregate_writes = aggregates(request, *source_enrolments, facts, options, stamp, ask);
  if (!aggregate_writes) return ask;
  const auto known = ledger_entry(*ledger);
  if (!known) return Reject{known.error(), {}};

  Plan plan;
  append_contents(plan, request, *source_contents, *target_contents, *known, options, stamp);
  append_stage(plan, *std::move(aggregate_writes), 1);
  EnrolmentMerge enrolments = merge_enrolments(options.enrolments, *source_enrolments, *target_enrolments, request.target_id);
  append_stage(plan, std::move(enrolments.copies), kGroupRows, kGroupBytes);
  emit_sync_events(plan, enrolments, options, stamp);
  plan.counts.add(counter::kShared, enrolments.shared.size());
  for (const auto& shared : enrolments.shared) {
    plan.remarks.push_back({"both accounts are enrolled: certificates and state of the source's enrolment are not taken over",
                            fmt::format("source {}, target {}", request.source_id, course_progress::described(shared))});
  }
  plan.counts.add(counter::kSuccess);
  return plan;
}

Plan parked(const MergeRequest& request, const Error& error, const Options& options, const Stamp& stamp) {
  Plan plan;
  plan.outputs.push_back(failed_record(error.text.empty() ? name_of(error.code) : error.text, options, stamp.origin));
  if (!request.mid.empty()) plan.outputs.back().headers.push_back({"mid", request.mid});
  plan.counts.add(counter::kFailed);
  return plan;
}

Plan skipped(const Skip& skip, const Options& options, const Origin& origin) {
  // What can be read but names no two accounts is passed over; everything else has failed.
  const bool passed_over = skip.error.code == ErrorCode::not_for_this_job;
  Plan plan;
  plan.outputs.push_back(failed_record(passed_over ? kSkippedError : std::string_view(skip.error.text), options, origin));
  plan.counts.add(passed_over ? counter::kSkipped : counter::kFailed);
  return plan;
}

}  // namespace lernd::merge_user_courses
