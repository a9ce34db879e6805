#include "jobs/user_ownership_transfer/rules.h"

#include <algorithm>

#include "jobs/job_request.h"
#include "jobs/user_ownership_transfer/audit.h"
#include "jobs/user_ownership_transfer/batch_search.h"
#include "jobs/user_ownership_transfer/takeover.h"
#include "jobs/user_ownership_transfer/user_check.h"

namespace lernd::user_ownership_transfer {
namespace {

/// What the event's own asset leaves of the job. Source: user-ownership-transfer.md section 10.3.
bool is_course_batch(std::string type) {
  std::erase(type, ' ');
  return equal_ignoring_case(type, "coursebatch");
}

std::string_view fault_of(const Transfer& event, const Options& options) {
  if (!event.fault.empty()) return event.fault;
  if (!options.asset_filter || !event.asset.named) return "";
  if (!is_course_batch(event.asset.type)) return "the asset is no course batch";
  return event.asset.id.empty() ? "the asset has no id" : "";
}

Plan skipped(const Transfer& event, std::string_view reason, std::size_t accounts_read) {
  Plan plan;
  plan.counts.add(counter::kSkipped, event.requests.size());
  plan.counts.add(counter::kAccountsRead, accounts_read * event.requests.size());
  append_endings(plan, event, {.outcome = "skipped", .reason = reason});
  return plan;
}

std::size_t groups_of(const std::vector<RowWrite>& rows, const Options& options) { return (rows.size() + options.group_rows - 1) / options.group_rows; }

/// Of events folded into one, each would have read both accounts, and all but the first would have found nothing.
Plan done(const Transfer& event, std::size_t accounts_read, Ending ending, Takeover takeover, const Options& options) {
  Plan plan;
  plan.counts.add(counter::kAccountsRead, accounts_read * event.requests.size());
  plan.counts.add(counter::kSucceeded, event.requests.size());
  plan.counts.add(counter::kGroupsWritten, groups_of(takeover.creator_rows, options) + groups_of(takeover.mentor_rows, options));
  ending.takeover = &takeover;
  append_batches(plan, event, takeover);
  append_endings(plan, event, ending);
  append_stage(plan, std::move(takeover.creator_rows), 1);
  append_stage(plan, std::move(takeover.mentor_rows), 1);
  if (!takeover.documents.empty()) plan.stages.push_back({std::move(takeover.documents)});
  return plan;
}

}  // namespace

Step advance(const Transfer& event, const Facts& facts, const Options& options) {
  if (const auto fault = fault_of(event, options); !fault.empty()) return skipped(event, fault, 0);
  Ask ask;
  const UserCheck users = check_users(event, facts, options, ask);
  if (ask.pending()) return ask;
  if (users.error) return Reject{*users.error, {}};
  if (!users.refusal.empty()) return skipped(event, users.refusal, users.accounts_read);
  if (event.from == event.to) return done(event, users.accounts_read, {.outcome = "done", .reason = "both users are one"}, {}, options);

  Listing created = list_batches(Part::creator, event.from, facts, options, ask);
  if (ask.pending()) return ask;
  if (created.fault) return *std::move(created.fault);
  Listing mentored = list_batches(Part::mentor, event.from, facts, options, ask);
  if (ask.pending()) return ask;
  if (mentored.fault) return *std::move(mentored.fault);
  if (options.asset_filter && event.asset.named) {
    for (Listing* listing : {&created, &mentored}) std::erase_if(listing->batches, [&](const BatchId& id) { return id.batch != event.asset.id; });
  }
  auto takeover = take_over(event, created.batches, mentored.batches, facts, options, ask);
  if (!takeover) return ask;
  Plan plan = done(event, users.accounts_read, {.outcome = "done", .reason = "", .created = created.batches.size(), .mentored = mentored.batches.size()},
                   *std::move(takeover), options);
  if (created.short_of_count || mentored.short_of_count) plan.remarks.push_back({remark::kShort, event.from});
  return plan;
}

Plan parked(const Transfer& event, const Facts& facts, const Error& error, const Options& options) {
  Plan plan;
  Ask unused;
  if (event.fault.empty()) plan.counts.add(counter::kAccountsRead, check_users(event, facts, options, unused).accounts_read * event.requests.size());
  append_endings(plan, event, {.outcome = "parked", .reason = name_of(error.code)});
  return plan;
}

}  // namespace lernd::user_ownership_transfer
