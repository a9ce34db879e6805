#include "jobs/user_ownership_transfer/user_check.h"

#include "jobs/account_read.h"
#include "jobs/job_request.h"

namespace lernd::user_ownership_transfer {
namespace {

class Check {
 public:
  Check(const Transfer& event, const Facts& facts, const Options& options, Ask& ask) : event_(event), facts_(facts), options_(options), ask_(ask) {}

  UserCheck run() {
    if (passes(event_.from, true, "the old owner is not of the organisation")) passes(event_.to, false, "the new owner is not of the organisation");
    return check_;
  }

 private:
  bool passes(const std::string& user_id, bool may_be_deleted, std::string_view refusal) {
    const HttpAnswer* answer = facts_.http(account_query(options_.user_url, user_id), ask_);
    if (answer == nullptr) return false;
    const AccountRead read = account_read(*answer);
    if (read.outcome == AccountRead::Outcome::failed) {
      check_.error = read.error;
      return false;
    }
    if (read.outcome == AccountRead::Outcome::found) ++check_.accounts_read;
    const bool look_up = may_be_deleted && read.blocked && options_.accept_deleted_from;
    const bool fits = look_up ? was_of_organisation(user_id) : read.outcome == AccountRead::Outcome::found && read.is_of(user_id, event_.organisation);
    if (!fits && !ask_.pending()) check_.refusal = refusal;
    return fits;
  }

  bool was_of_organisation(const std::string& user_id) {
    const Rows* rows = facts_.rows({options_.users, {"rootorgid"}, {{"id", user_id}}}, ask_);
    if (rows == nullptr || rows->empty()) return false;
    const std::string* organisation = (*rows)[0]["rootorgid"].text();
    return organisation != nullptr && !organisation->empty() && equal_ignoring_case(*organisation, event_.organisation);
  }

  const Transfer& event_;
  const Facts& facts_;
  const Options& options_;
  Ask& ask_;
  UserCheck check_;
};

}  // namespace

UserCheck check_users(const Transfer& event, const Facts& facts, const Options& options, Ask& ask) { return Check(event, facts, options, ask).run(); }

}  // namespace lernd::user_ownership_transfer
