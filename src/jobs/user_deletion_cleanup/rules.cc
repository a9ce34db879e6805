#include "jobs/user_deletion_cleanup/rules.h"

#include <iterator>

#include "jobs/account_read.h"
#include "jobs/id_line.h"
#include "jobs/job_request.h"
#include "jobs/user_deletion_cleanup/audit_event.h"
#include "jobs/user_deletion_cleanup/cleanup.h"
#include "jobs/user_deletion_cleanup/credentials.h"

namespace lernd::user_deletion_cleanup {
namespace {

constexpr int kBadRequest = 400;
constexpr std::int64_t kDeleted = 2;
/// External identities of a user share a partition, so a group of them is one write for the server.
constexpr std::size_t kGroupRows = 100;

/// The service has told of the account, be it that it is blocked or deleted.
bool tells_of_account(const AccountRead& read) {
  return read.outcome == AccountRead::Outcome::found || (read.outcome == AccountRead::Outcome::refused && read.status == kBadRequest);
}

Plan skipped(const AccountRead& read) {
  Plan plan;
  plan.counts.add(counter::kSkipped);
  if (tells_of_account(read)) plan.counts.add(counter::kAccountsRead);
  return plan;
}

Reject without_row() { return {{Treatment::retry, ErrorCode::not_found, "the table of users has no row for a user whom the user service tells of"}, {}, true}; }

bool is_deleted(const Rows::Row& user) {
  const std::int64_t* status = user["status"].integer();
  return status != nullptr && *status == kDeleted;
}

bool is_of_organisation(const Rows::Row& user, const std::string& organisation) {
  const std::string* root = user["rootorgid"].text();
  return root != nullptr && !root->empty() && equal_ignoring_case(*root, organisation);
}

/// The first stage of a plan: writes that do not depend on each other.
class Writes {
 public:
  void row(RowWrite write) { stage_.emplace_back(RowGroup{std::move(write)}); }
  void rows(std::vector<RowWrite> writes) {
    for (RowWrite& write : writes) row(std::move(write));
  }
  /// Rows of one partition.
  void together(std::vector<RowWrite> writes) {
    Plan groups;
    append_stage(groups, std::move(writes), kGroupRows);
    for (WriteStage& stage : groups.stages) std::ranges::move(stage, std::back_inserter(stage_));
  }
  void keys(std::vector<CacheGroup> groups) { std::ranges::move(groups, std::back_inserter(stage_)); }
  void append_to(Plan& plan) {
    if (!stage_.empty()) plan.stages.push_back(std::move(stage_));
  }

 private:
  WriteStage stage_;
};

void end_membership(const Deletion& event, const StoredUser& stored, const Options& options, const Stamp& stamp, Writes& writes) {
  if (!stored.membership->empty()) writes.row(membership_end(event, options, stamp.now));
}

/// The account is still shown, and its row is not yet that of a deleted user.
Step remove_all(const Deletion& event, const AccountRead& read, const StoredUser& stored, const Facts& facts, const Options& options, const Stamp& stamp) {
  Plan plan;
  CredentialRemoval credentials;
  if (options.identity_provider) {
    Ask ask;
    credentials = remove_credentials(*options.identity_provider, event.user_id, facts, ask);
    if (ask.pending()) return ask;
    if (!credentials.removed) {
      IdLine line;
      line.add("user", event.user_id).add("step", credentials.step).add("status", static_cast<std::size_t>(credentials.status));
      plan.remarks.push_back(
          {.what = "credentials of a deleted user could not be removed from the identity provider", .about = line.text(), .audit = true, .warning = true});
    }
  } else {
    plan.remarks.push_back({"no identity provider is configured: credentials of deleted users stay there", IdLine().add("user", event.user_id).text()});
  }
  const auto user = (*stored.user)[0];
  Writes writes;
  end_membership(event, stored, options, stamp, writes);
  writes.rows(lookup_removals(user, read.account, options));
  writes.together(identity_removals(event.user_id, *stored.identities, options));
  writes.keys(cache_removals(event.user_id, options));
  for (const std::string& id : stored.managed) {
    if (id != event.user_id) writes.row(blanked_profile(id, options));
  }
  writes.append_to(plan);
  // Last: by its status a repetition tells whether all this is still to be done.
  append_stage(plan, {blanked_profile(event.user_id, options)}, 1);
  if (!options.audit_topic.empty()) {
    plan.outputs.push_back({.topic = options.audit_topic, .key = {}, .value = audit_event(event, credentials.removed, stamp), .headers = {}});
  }
  plan.counts.add(counter::kAccountsRead);
  return plan;
}

/// What is left to do of a user who is deleted already.
Plan remove_rest(const Deletion& event, const StoredUser& stored, bool with_cache, const Options& options, const Stamp& stamp) {
  Plan plan;
  Writes writes;
  end_membership(event, stored, options, stamp, writes);
  if (with_cache) writes.keys(cache_removals(event.user_id, options));
  for (const std::string& id : stored.managed) writes.row(blanked_profile(id, options));
  writes.append_to(plan);
  plan.counts.add(counter::kAccountsRead);
  return plan;
}

}  // namespace

Step advance(const Deletion& event, const Facts& facts, const Options& options, const Stamp& stamp) {
  Ask ask;
  const HttpAnswer* answer = facts.http(account_query(options.user_url, event.user_id), ask);
  if (answer == nullptr) return ask;
  const AccountRead read = account_read(*answer);
  if (read.outcome == AccountRead::Outcome::failed) return Reject{read.error, {}};
  if (!tells_of_account(read)) return skipped(read);
  const bool shown = read.outcome == AccountRead::Outcome::found;
  if (shown && !read.is_of(event.user_id, event.organisation)) return skipped(read);

  const auto stored = stored_user(event, shown, facts, options, ask);
  if (!stored) return ask;
  if (stored->user->empty()) return without_row();
  const auto user = (*stored->user)[0];
  if (!shown) return is_of_organisation(user, event.organisation) ? remove_rest(event, *stored, true, options, stamp) : skipped(read);
  if (is_deleted(user)) return remove_rest(event, *stored, false, options, stamp);
  return remove_all(event, read, *stored, facts, options, stamp);
}

Plan parked(const Deletion& event, const Facts& facts, const Options& options) {
  Plan plan;
  Ask unused;
  const HttpAnswer* answer = facts.http(account_query(options.user_url, event.user_id), unused);
  if (answer != nullptr && tells_of_account(account_read(*answer))) plan.counts.add(counter::kAccountsRead);
  return plan;
}

}  // namespace lernd::user_deletion_cleanup
