#include "jobs/user_cache_updater/rules.h"

#include "unit/jobs/school.h"
#include "unit/jobs/user_cache_updater/user.h"

namespace lernd::user_cache_updater {
namespace {

using Json = nlohmann::json;
using Values = std::map<std::string, std::uint64_t>;
using Entry = std::map<std::string, std::string>;

const Audit kLogin{.user = "u1", .producer = "sunbird.app", .context = {{"UserRole", "teacher"}}};

Json located(const std::string& state) { return {{"userId", "u1"}, {"userLocations", {{{"type", "state"}, {"name", state}}}}}; }

CacheWrite only_write(const Plan& plan) {
  EXPECT_EQ(plan.stages.size(), 1u);
  EXPECT_EQ(plan.stages.at(0).size(), 1u);
  return std::get<CacheGroup>(plan.stages.at(0).at(0)).at(0);
}

Reject reject_of(Services& services, const Audit& audit, const Options& options, Counts* counts = nullptr) {
  Facts facts;
  const UserAudited event = event_of(audit, options);
  const Step step = services.run(event, options, &facts);
  const Reject* reject = std::get_if<Reject>(&step);
  EXPECT_NE(reject, nullptr);
  if (counts != nullptr) *counts = parked(event, facts, options).counts;
  return reject == nullptr ? Reject() : *reject;
}

TEST(Rules, AProfileAndTheEntryAreAskedForInOneRound) {
  const Step step = advance(event_of({}, options_of()), Facts(), options_of());
  const Ask* ask = std::get_if<Ask>(&step);
  ASSERT_NE(ask, nullptr);
  EXPECT_EQ(ask->http.size(), 1u);
  ASSERT_EQ(ask->cache.size(), 1u);
  EXPECT_EQ(ask->cache[0].key, "user:u1");
  EXPECT_EQ(ask->cache[0].fields, (std::vector<std::string>{"state", "district", "block", "cluster", "schooludisecode", "schoolname"})) << "and no other field";
}

TEST(Rules, OneWriteRemovesAndPuts) {
  Services services;
  services.users["u1"] = answer_with(located("New"));
  services.entries["user:u1"] = {{"state", "Old"}, {"district", "D"}, {"block", ""}, {"schoolname", "{New} School"}, {"usertype", "kept"}, {"ward", "kept"}};
  const Plan plan = services.carry_out(event_of({}, options_of()), options_of());
  const CacheWrite write = only_write(plan);
  EXPECT_EQ(write.drop, (std::vector<std::string>{"district", "schoolname"}));
  EXPECT_EQ(write.expiry.count(), 0);
  const Entry& entry = services.entries["user:u1"];
  EXPECT_EQ(entry.at("state"), "New");
  EXPECT_EQ(entry.at("block"), "");
  EXPECT_EQ(entry.at("usertype"), "kept");
  EXPECT_EQ(entry.at("ward"), "kept");
  EXPECT_EQ(counts_in(plan.counts), (Values{{"success-message-count", 1}, {"user-cache-hit", 1}, {"api-read-success-count", 1}}));
}

TEST(Rules, TheExpiryIsForThoseWhoSwitchItOn) {
  Services services;
  EXPECT_EQ(only_write(services.carry_out(event_of(kLogin, options_of()), options_of())).expiry.count(), 0);
  const auto expiring = options_of({{"user.cache.expiry.enabled", "true"}, {"redis-meta.database.key.expiry.seconds", "60"}});
  EXPECT_EQ(only_write(services.carry_out(event_of(kLogin, expiring), expiring)).expiry.count(), 60);
}

TEST(Rules, ALoginWritesItsRoleAndAsksForNothing) {
  Services services;
  services.entries["user:u1"] = {{"state", "Old"}};
  const Plan plan = services.carry_out(event_of(kLogin, options_of()), options_of());
  EXPECT_EQ(services.entries["user:u1"], (Entry{{"state", "Old"}, {"userlogintype", "teacher"}}));
  EXPECT_EQ(services.profile_reads, 0);
  EXPECT_EQ(counts_in(plan.counts), (Values{{"success-message-count", 1}, {"user-cache-hit", 1}}));
}

TEST(Rules, HowAUserSignedUp) {
  const auto sign_in = [](const std::string& type, const Settings& settings = {}) {
    Services services;
    const auto options = options_of(settings);
    services.carry_out(event_of({.producer = "x", .context = {{"SignupType", type}}}, options), options);
    return services.entries["user:u1"]["usersignintype"];
  };
  EXPECT_EQ(sign_in("google"), "Self-Signed-In");
  EXPECT_EQ(sign_in("self"), "Self-Signed-In");
  EXPECT_EQ(sign_in("sso"), "Validated");
  EXPECT_EQ(sign_in("SSO"), "");
  EXPECT_EQ(sign_in("sso", {{"user.self.signin.types", "sso"}, {"user.valid.key", "V"}}), "V");
}

TEST(Rules, AnEventThatLeavesNothingToWriteIsSkipped) {
  Services services;
  const auto plan_of = [&](const Audit& audit) { return services.carry_out(event_of(audit, options_of()), options_of()); };
  for (const Audit& audit : {Audit{.producer = "portal"}, Audit{.producer = "portal", .context = {{"SignupType", "facebook"}}}}) {
    EXPECT_FALSE(plan_of(audit).writes());
    EXPECT_EQ(counts_in(plan_of(audit).counts), (Values{{"skipped-message-count", 1}}));
  }
  EXPECT_EQ(counts_in(plan_of({.state = "LoggedIn", .context = {{"SignupType", "sso"}}}).counts), (Values{{"skipped-message-count", 2}}));
}

TEST(Rules, AnEventOfAUserServiceUnderAnotherNameIsRemarkedOn) {
  Services services;
  const Plan plan = services.carry_out(event_of({.producer = "userorg-service"}, options_of()), options_of());
  ASSERT_EQ(plan.remarks.size(), 1u);
  EXPECT_EQ(plan.remarks[0].about, "user u1");
}

TEST(Rules, TheEventsOwnFieldsWin) {
  Services services;
  services.users["u1"] = answer_with({{"userLocations", {{{"type", "userlogintype"}, {"name", "place"}}}}});
  services.carry_out(event_of({.context = {{"UserRole", "teacher"}}}, options_of()), options_of());
  EXPECT_EQ(services.entries["user:u1"].at("userlogintype"), "teacher");
}

TEST(Rules, ABlockedUserLosesPlacesWhenSomethingIsWritten) {
  Services services;
  services.users["u1"] = error_answer("CLIENT_ERROR", "UOS_USRRED0006");
  services.entries["user:u1"] = {{"state", "Old"}, {"firstname", "A"}};
  const Plan skipped = services.carry_out(event_of({}, options_of()), options_of());
  EXPECT_FALSE(skipped.writes());
  EXPECT_EQ(counts_in(skipped.counts), (Values{{"api-read-miss-count", 1}, {"skipped-message-count", 1}}));
  const Plan plan = services.carry_out(event_of({.context = {{"SignupType", "sso"}}}, options_of()), options_of());
  EXPECT_EQ(services.entries["user:u1"], (Entry{{"firstname", "A"}, {"usersignintype", "Validated"}}));
  EXPECT_EQ(counts_in(plan.counts), (Values{{"api-read-miss-count", 1}, {"success-message-count", 1}, {"user-cache-hit", 1}}));
}

TEST(Rules, AnErrorAnswerWritesNothingAndIsCountedWhenParked) {
  Services services;
  Counts counts;
  services.users["u1"] = error_answer("CLIENT_ERROR", "x");
  EXPECT_EQ(reject_of(services, {}, options_of(), &counts).error.treatment, Treatment::reject);
  EXPECT_EQ(counts_in(counts), (Values{{"api-read-miss-count", 1}}));
  services.users.erase("u1");
  const Reject unknown = reject_of(services, {}, options_of(), &counts);
  EXPECT_EQ(unknown.error, (Error{Treatment::retry, ErrorCode::not_found, "the user service does not know this user"}));
  EXPECT_TRUE(unknown.own_fault);
  EXPECT_EQ(counts_in(counts), (Values{{"api-read-miss-count", 1}}));
  EXPECT_EQ(unknown.counts, Counts()) << "or an attempt that is followed by another would count";
  services.users["u1"] = {.status = 502, .body = "<html>"};
  EXPECT_FALSE(reject_of(services, {}, options_of(), &counts).own_fault);
  EXPECT_EQ(counts, Counts());
  EXPECT_EQ(parked(event_of(kLogin, options_of()), Facts(), options_of()), Plan());
  EXPECT_EQ(parked(event_of({}, options_of()), Facts(), options_of()), Plan());
}

TEST(Rules, AnIdThatCannotBeAskedForEndsItsOwnEventOnly) {
  Services services;
  for (const std::string& id : {std::string(".."), std::string(100'000, 'x')}) {
    EXPECT_EQ(reject_of(services, {.user = id}, options_of()).error.treatment, Treatment::reject);
    EXPECT_TRUE(services.carry_out(event_of({.user = id, .producer = "app", .context = {{"UserRole", "t"}}}, options_of()), options_of()).writes());
  }
  EXPECT_EQ(services.profile_reads, 0);
}

TEST(Rules, CategoriesReplaceAllFieldsOfAFramework) {
  Services services;
  const auto options = options_of(categories());
  services.users["u1"] = answer_with({{"framework", {{"id", {"f 1"}}, {"board", {"b"}}, {"medium", {"m"}}}}});
  services.frameworks["f%201"] = framework_answer({"board", "subject"});
  services.entries["user:u1"] = {{"framework_medium", "x"}, {"my_framework_note", "n"}, {"framework_empty", ""}, {"board", "kept"}, {"framework_board", "old"}};
  const Plan plan = services.carry_out(event_of({.state = "Delete"}, options), options);
  EXPECT_EQ(only_write(plan).drop, (std::vector<std::string>{"framework_medium", "my_framework_note"}));
  const Entry& entry = services.entries["user:u1"];
  EXPECT_EQ(entry.at("framework_board"), R"(["b"])");
  EXPECT_EQ(entry.at("framework_id"), "f 1");
  EXPECT_EQ(entry.at("framework_empty"), "");
  EXPECT_EQ(entry.at("board"), "kept");
}

TEST(Rules, AFrameworkServiceThatFailsTakesNothingAway) {
  Services services;
  Counts counts;
  const auto options = options_of(categories());
  services.users["u1"] = answer_with({{"framework", {{"id", "f"}}}});
  services.frameworks["f"] = error_answer("SERVER_ERROR", "x");
  const Reject reject = reject_of(services, {}, options, &counts);
  EXPECT_EQ(reject.error.treatment, Treatment::retry);
  EXPECT_FALSE(reject.own_fault);
  EXPECT_EQ(counts_in(counts), (Values{{"api-read-success-count", 1}}));
  services.users["u1"] = answer_with({{"framework", {{"id", std::string(5000, 'f')}}}});
  EXPECT_EQ(reject_of(services, {}, options).error.treatment, Treatment::reject);
}

TEST(Rules, FoldedEventsAreCountedOneByOne) {
  Services services;
  services.users["u1"] = answer_with(located("N"));
  const Plan plan = services.carry_out(folded({{.context = {{"UserRole", "a"}}}, {.context = {{"SignupType", "sso"}}}, {}}, options_of()), options_of());
  EXPECT_EQ(services.profile_reads, 1);
  EXPECT_EQ(counts_in(plan.counts), (Values{{"api-read-success-count", 3}, {"success-message-count", 3}, {"user-cache-hit", 3}}));
  EXPECT_EQ(services.entries["user:u1"].at("userlogintype"), "a");
  EXPECT_EQ(services.entries["user:u1"].at("usersignintype"), "Validated");
  services.users["u1"] = error_answer("CLIENT_ERROR", "UOS_USRRED0006");
  const Plan blocked = services.carry_out(folded({{}, {.context = {{"UserRole", "b"}}}}, options_of()), options_of());
  EXPECT_EQ(counts_in(blocked.counts), (Values{{"api-read-miss-count", 2}, {"skipped-message-count", 1}, {"success-message-count", 1}, {"user-cache-hit", 1}}));
  services.users.erase("u1");
  Facts facts;
  const UserAudited two = folded({{}, {}}, options_of());
  services.run(two, options_of(), &facts);
  EXPECT_EQ(parked(two, facts, options_of()).counts["api-read-miss-count"], 2u);
}

}  // namespace
}  // namespace lernd::user_cache_updater
