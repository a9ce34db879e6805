#include "jobs/user_ownership_transfer/user_check.h"

#include "unit/jobs/user_ownership_transfer/town.h"

namespace lernd::user_ownership_transfer {
namespace {

using Calls = std::vector<std::string>;

struct Checked {
  bool valid = false;
  std::size_t accounts_read = 0;
  Calls calls;
};

Checked check(Town town, const Ordered& ordered = {}, const Settings& settings = {}) {
  const Step step = town.run(event_of(ordered), options_of(settings));
  const Plan& plan = std::get<Plan>(step);
  return {plan.counts["skipped-message-count"] == 0, plan.counts["api-read-success-count"], town.calls};
}

const Settings kAccept = {{"ownership.accept.deleted.from.user", "true"}};

TEST(UserCheck, BothAreOfTheOrganisation) {
  const auto checked = check(town());
  EXPECT_TRUE(checked.valid);
  EXPECT_EQ(checked.accounts_read, 2u);
  EXPECT_EQ(checked.calls, (Calls{"from", "to", "created@0", "mentored@0"}));
}

TEST(UserCheck, CaseDoesNotMatter) {
  Town place = town();
  place.accounts["FROM"] = account_answer("from", "Org-A");
  place.accounts["to"] = account_answer("TO", "oRG-a");
  EXPECT_TRUE(check(place, {.from = "FROM", .organisation = "org-a"}).valid);
}

TEST(UserCheck, TheNewOwnerIsNotAskedForWhenTheOldOneFails) {
  Town place = town();
  place.add_user("from", "other");
  const auto checked = check(place);
  EXPECT_FALSE(checked.valid);
  EXPECT_EQ(checked.accounts_read, 1u);
  EXPECT_EQ(checked.calls, Calls{"from"});
}

TEST(UserCheck, TheNewOwnerMustPassToo) {
  for (const HttpAnswer& answer : {account_answer("to", "other"), account_answer("another", "org"), HttpAnswer{.status = 404, .body = ""},
                                   HttpAnswer{.status = 403, .body = account_answer("to", "org").body}, blocked_answer()}) {
    Town place = town();
    place.accounts["to"] = answer;
    const auto checked = check(place);
    EXPECT_FALSE(checked.valid) << answer.status;
    EXPECT_EQ(checked.accounts_read, answer.status == 200 ? 2u : 1u);
    EXPECT_EQ(checked.calls, (Calls{"from", "to"}));
  }
}

TEST(UserCheck, WithoutAnOrganisationNobodyPasses) { EXPECT_FALSE(check(town(), {.organisation = ""}).valid); }

TEST(UserCheck, ADeletedOldOwnerFails) {
  Town place = town();
  place.accounts["from"] = blocked_answer();
  place.user_rows["from"] = "org";
  const auto checked = check(place);
  EXPECT_FALSE(checked.valid);
  EXPECT_EQ(checked.accounts_read, 0u);
}

TEST(UserCheck, ADeletedOldOwnerPassesByHisRowWhereThatIsAccepted) {
  Town place = town();
  place.accounts["from"] = blocked_answer();
  place.user_rows["from"] = "ORG";
  const auto checked = check(place, {}, kAccept);
  EXPECT_TRUE(checked.valid);
  EXPECT_EQ(checked.accounts_read, 1u) << "the answer held no account";

  place.user_rows["from"] = "other";
  EXPECT_FALSE(check(place, {}, kAccept).valid);
  place.user_rows.clear();
  EXPECT_FALSE(check(place, {}, kAccept).valid);
  place.user_rows["from"] = "";
  EXPECT_FALSE(check(place, {.organisation = ""}, kAccept).valid);
}

TEST(UserCheck, OnlyADeletedOldOwnerIsLookedUp) {
  Town place = town();
  place.user_rows["from"] = place.user_rows["to"] = "org";
  place.accounts["to"] = blocked_answer();
  EXPECT_FALSE(check(place, {}, kAccept).valid) << "never the new one";
  place = town();
  place.user_rows["from"] = "org";
  place.accounts["from"] = {.status = 400, .body = R"({"responseCode":"CLIENT_ERROR","params":{"err":"UOS_USRRED0013"}})"};
  EXPECT_FALSE(check(place, {}, kAccept).valid);
  place.accounts["from"] = {.status = 404, .body = ""};
  EXPECT_FALSE(check(place, {}, kAccept).valid);
}

TEST(UserCheck, AServiceThatFailsIsAnError) {
  for (const std::string who : {"from", "to"}) {
    Town place = town();
    place.accounts[who] = {.status = 503, .body = "no upstream"};
    Facts facts;
    const Step step = place.run(event_of({}), options_of(), &facts);
    const Reject& reject = std::get<Reject>(step);
    EXPECT_EQ(reject.error.treatment, Treatment::retry);
    EXPECT_FALSE(reject.own_fault);
    const Plan plan = parked(event_of({}), facts, reject.error, options_of());
    EXPECT_EQ(plan.counts["api-read-success-count"], who == "from" ? 0u : 1u);
    EXPECT_EQ(plan.counts["skipped-message-count"], 0u);
  }
}

}  // namespace
}  // namespace lernd::user_ownership_transfer
