#include "jobs/user_deletion_cleanup/rules.h"

#include "jobs/user_deletion_cleanup/cleanup.h"
#include "unit/jobs/school.h"
#include "unit/jobs/user_deletion_cleanup/office.h"

namespace lernd::user_deletion_cleanup {
namespace {

using Values = std::map<std::string, std::uint64_t>;
using Calls = std::vector<std::string>;

const Settings kTwoServers = {{"redis-meta.host", "elsewhere"}};
const CacheId kMeta{"redis-meta", 12};
const CacheId kOther{"redis", 12};

Office office() {
  Office office;
  for (const char* id : {"u1", "m1", "m2", "stranger"}) office.add_user(id);
  return office;
}

Value status_of(const Office& office, const std::string& id) { return office.find("user", {{"id", id}})->at("status"); }

bool is_member(const Office& office, const std::string& user, const std::string& organisation) {
  return office.find("user_organisation", {{"userid", user}, {"organisationid", organisation}})->at("isdeleted") == Value(false);
}

TEST(DeletionRules, EverythingOfAnActiveUserGoes) {
  Office place = office();
  const Office before = place;
  const Plan plan = place.carry_out(event_of({.managed = {"m1"}}), options_of(kTwoServers));
  EXPECT_EQ(status_of(place, "u1"), Value(2));
  for (const char* column : {"firstname", "email", "phone", "username", "dob", "recoveryemail"}) {
    EXPECT_EQ(place.find("user", {{"id", "u1"}})->at(column), Value("")) << column;
  }
  EXPECT_EQ(place.find("user", {{"id", "u1"}})->at("profilelocation"), Value("place"));
  EXPECT_EQ(place.find("user", {{"id", "u1"}})->at("isdeleted"), Value(false));
  EXPECT_FALSE(is_member(place, "u1", "org"));
  EXPECT_TRUE(is_member(place, "u1", "other"));
  EXPECT_EQ(place.rows_of("user_lookup", "u1"), 0u);
  EXPECT_EQ(place.rows_of("usr_external_identity", "u1"), 0u);
  EXPECT_FALSE(place.caches[kMeta].contains("user:u1"));
  EXPECT_FALSE(place.caches[kOther].contains("user:u1"));
  EXPECT_EQ(counts_in(plan.counts), (Values{{"api-read-success-count", 1}}));

  EXPECT_EQ(status_of(place, "m1"), Value(2));
  EXPECT_EQ(place.find("user", {{"id", "m1"}})->at("email"), Value(""));
  EXPECT_EQ(place.rows_of("user_lookup", "m1"), 3u) << "only the profile of a managed user";
  EXPECT_EQ(place.rows_of("usr_external_identity", "m1"), 2u);
  EXPECT_TRUE(is_member(place, "m1", "org"));
  EXPECT_TRUE(place.caches[kMeta].contains("user:m1"));
  for (const char* id : {"m2", "stranger"}) {
    EXPECT_EQ(*place.find("user", {{"id", id}}), *before.find("user", {{"id", id}}));
    EXPECT_EQ(place.rows_of("user_lookup", id), 3u);
  }
}

TEST(DeletionRules, TheProfileIsBlankedLast) {
  Office place = office();
  const Plan plan = std::get<Plan>(place.run(event_of({.managed = {"m1", "u1"}}), options_of()));
  ASSERT_EQ(plan.stages.size(), 2u);
  EXPECT_EQ(plan.stages[1], (WriteStage{RowGroup{blanked_profile("u1", options_of())}}));
  for (const WriteGroup& group : plan.stages[0]) {
    const auto* rows = std::get_if<RowGroup>(&group);
    EXPECT_TRUE(rows == nullptr || rows->front() != blanked_profile("u1", options_of()));
  }
}

TEST(DeletionRules, OneServerIsAskedOnce) {
  Office place = office();
  const Plan plan = place.carry_out(event_of({}), options_of());
  const auto groups = std::ranges::count_if(plan.stages.at(0), [](const WriteGroup& group) { return std::holds_alternative<CacheGroup>(group); });
  EXPECT_EQ(groups, 1);
  EXPECT_FALSE(place.caches[kMeta].contains("user:u1"));
}

TEST(DeletionRules, NoRowIsMade) {
  Office place = office();
  place.tables["user_organisation"].clear();
  place.carry_out(event_of({.managed = {"nobody", "m1"}}), options_of());
  EXPECT_TRUE(place.tables["user_organisation"].empty());
  EXPECT_EQ(place.find("user", {{"id", "nobody"}}), nullptr);
  EXPECT_EQ(status_of(place, "m1"), Value(2));
}

TEST(DeletionRules, AStatusThatIsNullIsNotThatOfADeletedUser) {
  for (const Value& status : {Value(), Value(0), Value(1)}) {
    Office place = office();
    place.tables["user"][0]["status"] = status;
    place.carry_out(event_of({}), options_of());
    EXPECT_EQ(status_of(place, "u1"), Value(2));
    EXPECT_EQ(place.rows_of("user_lookup", "u1"), 0u);
  }
}

TEST(DeletionRules, AUserWhoseRowIsDeletedAlreadyOnlyLeavesHisOrganisation) {
  Office place = office();
  place.tables["user"][0]["status"] = 2;
  const Office before = place;
  const Plan plan = place.carry_out(event_of({.managed = {"m1"}}), options_of(kTwoServers));
  EXPECT_FALSE(is_member(place, "u1", "org"));
  EXPECT_EQ(status_of(place, "m1"), Value(2));
  EXPECT_EQ(*place.find("user", {{"id", "u1"}}), *before.find("user", {{"id", "u1"}}));
  EXPECT_EQ(place.rows_of("user_lookup", "u1"), 3u);
  EXPECT_EQ(place.caches, before.caches);
  EXPECT_EQ(counts_in(plan.counts), (Values{{"api-read-success-count", 1}}));
}

TEST(DeletionRules, AnAccountThatIsBlockedOrDeleted) {
  Office place = office();
  for (const HttpAnswer& answer : {blocked_answer(), HttpAnswer{.status = 400, .body = ""}}) {
    place = office();
    place.accounts["u1"] = answer;
    const Office before = place;
    const Plan plan = place.carry_out(event_of({.organisation = "ORG", .managed = {"m1", "m2"}}), options_of(kTwoServers));
    EXPECT_TRUE(is_member(place, "u1", "org")) << "of the organisation as the event writes it";
    EXPECT_EQ(status_of(place, "m1"), Value(2));
    EXPECT_EQ(status_of(place, "m2"), Value(2));
    EXPECT_FALSE(place.caches[kMeta].contains("user:u1") || place.caches[kOther].contains("user:u1"));
    EXPECT_EQ(*place.find("user", {{"id", "u1"}}), *before.find("user", {{"id", "u1"}}));
    EXPECT_EQ(place.rows_of("user_lookup", "u1"), 3u);
    EXPECT_EQ(place.rows_of("usr_external_identity", "u1"), 2u);
    EXPECT_TRUE(place.credentials.contains("u1"));
    EXPECT_EQ(counts_in(plan.counts), (Values{{"api-read-success-count", 1}}));
  }
  place = office();
  place.accounts["u1"] = blocked_answer();
  place.carry_out(event_of({}), options_of());
  EXPECT_FALSE(is_member(place, "u1", "org"));
}

TEST(DeletionRules, OfAnotherOrganisationItIsSkipped) {
  for (const bool blocked : {false, true}) {
    for (const std::string organisation : {"other", ""}) {
      Office place = office();
      if (blocked) place.accounts["u1"] = blocked_answer();
      const Office before = place;
      const Plan plan = place.carry_out(event_of({.organisation = organisation, .managed = {"m1"}}), options_of());
      EXPECT_FALSE(plan.writes());
      EXPECT_EQ(counts_in(plan.counts), (Values{{"api-read-success-count", 1}, {"skipped-message-count", 1}}));
    }
  }
}

TEST(DeletionRules, OfAnotherUserItIsSkipped) {
  Office place = office();
  place.accounts["u1"] = account_answer({{"identifier", "u2"}, {"rootOrgId", "org"}});
  EXPECT_EQ(counts_in(place.carry_out(event_of({}), options_of()).counts), (Values{{"api-read-success-count", 1}, {"skipped-message-count", 1}}));
}

TEST(DeletionRules, AnAccountThatTheServiceDoesNotShowIsSkipped) {
  for (const int status : {301, 401, 403, 404}) {
    Office place = office();
    place.accounts["u1"] = {.status = status, .body = ""};
    const Plan plan = place.carry_out(event_of({}), options_of());
    EXPECT_FALSE(plan.writes());
    EXPECT_EQ(counts_in(plan.counts), (Values{{"skipped-message-count", 1}})) << status;
  }
}

TEST(DeletionRules, AServiceThatFailsIsAnError) {
  for (const HttpAnswer& answer : {HttpAnswer{.status = 503, .body = "no upstream"}, HttpAnswer{.status = 200, .body = "<html>"}}) {
    Office place = office();
    place.accounts["u1"] = answer;
    Facts facts;
    const Step step = place.run(event_of({}), options_of(), &facts);
    EXPECT_EQ(std::get<Reject>(step).error.treatment, Treatment::retry);
    EXPECT_FALSE(std::get<Reject>(step).own_fault);
    EXPECT_TRUE(parked(event_of({}), facts, options_of()).counts.all().empty());
  }
}

TEST(DeletionRules, AUserWithoutARowIsAnErrorOfHisOwn) {
  for (const bool blocked : {false, true}) {
    Office place = office();
    if (blocked) place.accounts["u1"] = blocked_answer();
    place.tables["user"].clear();
    Facts facts;
    const Step step = place.run(event_of({}), options_of(), &facts);
    EXPECT_EQ(std::get<Reject>(step).error.code, ErrorCode::not_found);
    EXPECT_EQ(std::get<Reject>(step).error.treatment, Treatment::retry) << "the row may not be seen yet";
    EXPECT_TRUE(std::get<Reject>(step).own_fault);
    EXPECT_EQ(counts_in(parked(event_of({}), facts, options_of()).counts), (Values{{"api-read-success-count", 1}}));
  }
}

TEST(DeletionRules, ManyExternalIdentitiesTravelInGroups) {
  Office place = office();
  for (int i = 0; i < 250; ++i) place.tables["usr_external_identity"].push_back({{"userid", "u1"}, {"idtype", "t" + std::to_string(i)}, {"provider", "p"}});
  const Plan plan = place.carry_out(event_of({}), options_of());
  EXPECT_EQ(place.rows_of("usr_external_identity", "u1"), 0u);
  std::size_t largest = 0;
  for (const WriteGroup& group : plan.stages.at(0)) {
    if (const auto* rows = std::get_if<RowGroup>(&group)) largest = std::max(largest, rows->size());
  }
  EXPECT_EQ(largest, 100u);
}

TEST(DeletionRules, TheAuditEvent) {
  Office place = office();
  const Plan plan = place.carry_out(event_of({}), options_of({{"kafka.output.audit.topic", "audit"}}));
  ASSERT_EQ(plan.outputs.size(), 1u);
  EXPECT_EQ(plan.outputs[0].topic, "audit");
  EXPECT_EQ(plan.outputs[0].key, std::nullopt);
  const Stamp at = stamp();
  EXPECT_EQ(Json::parse(*plan.outputs[0].value),
            (Json{{"eid", "AUDIT"},
                  {"ets", at.now.ms},
                  {"ver", "3.0"},
                  {"mid", "LP.AUDIT." + at.uuid(0)},
                  {"actor", {{"id", "u1"}, {"type", "User"}}},
                  {"context",
                   {{"channel", "org"},
                    {"env", "User"},
                    {"sid", at.uuid(1)},
                    {"did", at.uuid(2)},
                    {"pdata", {{"ver", "3.0"}, {"id", "org.sunbird.learning.platform"}, {"pid", "user-delete"}}},
                    {"cdata", Json::array({Json{{"type", "User"}, {"id", "u1"}}})}}},
                  {"object", {{"id", "u1"}, {"type", "User"}}},
                  {"edata",
                   {{"props", Json::array({"{keycloakCredentials:false, userLookUpTable:true, userExternalIdTable:true, userTable:true, redisCache:true}"})},
                    {"type", "DeleteUserStatus"},
                    {"status", "Delete"}}},
                  {"syncts", at.now.ms},
                  {"tags", Json::array()}}));
}

TEST(DeletionRules, NoAuditEventWithoutATopicAndForWhoIsDeletedAlready) {
  Office place = office();
  EXPECT_TRUE(place.carry_out(event_of({}), options_of()).outputs.empty());
  const Settings audited = {{"kafka.output.audit.topic", "audit"}};
  EXPECT_TRUE(place.carry_out(event_of({}), options_of(audited)).outputs.empty()) << "the row is that of a deleted user now";
  place.accounts["m1"] = blocked_answer();
  EXPECT_TRUE(place.carry_out(event_of({.user = "m1"}), options_of(audited)).outputs.empty());
}

}  // namespace
}  // namespace lernd::user_deletion_cleanup
