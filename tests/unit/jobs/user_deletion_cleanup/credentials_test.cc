#include "jobs/user_deletion_cleanup/credentials.h"

#include "unit/jobs/user_deletion_cleanup/office.h"

namespace lernd::user_deletion_cleanup {
namespace {

using Calls = std::vector<std::string>;

const std::string kToken = "POST /realms/the%20realm/protocol/openid-connect/token";
const std::string kAccount = " /admin/realms/the%20realm/users/f:provider:u1";
const Calls kDeleted = {kToken, "DELETE" + kAccount};
const Calls kEmptied = {kToken, "DELETE" + kAccount, "PUT" + kAccount};

struct Run {
  Office office;
  Plan plan;
  Calls calls;  ///< to Keycloak
  std::string props;
};

Run run(Office office, const Settings& settings = keycloak()) {
  Settings all = settings;
  all.emplace_back("kafka.output.audit.topic", "audit");
  Run result{std::move(office), {}, {}, {}};
  result.plan = result.office.carry_out(event_of({}), options_of(all));
  for (const std::string& call : result.office.calls) {
    if (call.contains('/')) result.calls.push_back(call);
  }
  if (!result.plan.outputs.empty()) result.props = Json::parse(*result.plan.outputs[0].value)["edata"]["props"][0];
  return result;
}

Office office() {
  Office office;
  office.add_user("u1");
  return office;
}

void expect_rest_done(const Run& run) {
  EXPECT_EQ(run.office.rows_of("user_lookup", "u1"), 0u);
  EXPECT_EQ(run.office.rows_of("usr_external_identity", "u1"), 0u);
  EXPECT_EQ(run.plan.counts["api-read-success-count"], 1u);
}

void expect_removed(const Run& run) {
  EXPECT_NE(run.props.find("keycloakCredentials:true"), std::string::npos) << run.props;
  EXPECT_TRUE(run.plan.remarks.empty());
  expect_rest_done(run);
}

void expect_left(const Run& run, const std::string& step, int status) {
  EXPECT_NE(run.props.find("keycloakCredentials:false"), std::string::npos) << run.props;
  ASSERT_EQ(run.plan.remarks.size(), 1u);
  EXPECT_TRUE(run.plan.remarks[0].audit && run.plan.remarks[0].warning);
  EXPECT_EQ(run.plan.remarks[0].about, "user=u1 step=" + step + " status=" + std::to_string(status));
  expect_rest_done(run);
}

TEST(Credentials, TheAccountIsDeleted) {
  const auto result = run(office());
  EXPECT_EQ(result.calls, kDeleted);
  EXPECT_TRUE(result.office.credentials.empty());
  expect_removed(result);
}

TEST(Credentials, TheCallsComeLast) {
  Office place = office();
  place.accounts["u1"] = account_answer({{"identifier", "u1"}, {"rootOrgId", "other"}});
  place.run(event_of({}), options_of(keycloak()));
  EXPECT_EQ(place.calls, Calls{"GET u1"}) << "a skipped event makes none";
  place = office();
  place.tables["user"].clear();
  place.run(event_of({}), options_of(keycloak()));
  EXPECT_EQ(place.calls, Calls{"GET u1"}) << "nor does one that fails";
  place = office();
  place.tables["user"][0]["status"] = 2;
  place.run(event_of({}), options_of(keycloak()));
  EXPECT_EQ(place.calls, Calls{"GET u1"}) << "nor one of a user who is deleted already";
}

TEST(Credentials, AnAccountThatCannotBeDeletedIsEmptied) {
  for (const int status : {400, 403, 409, 500, 0}) {
    Office place = office();
    place.failing["DELETE"] = status;
    const auto result = run(place);
    EXPECT_EQ(result.calls, kEmptied) << status;
    EXPECT_TRUE(result.office.emptied.contains("u1"));
    expect_removed(result);
  }
}

TEST(Credentials, WhateverFailsTheRestIsDone) {
  Office place = office();
  place.failing = {{"DELETE", 500}, {"PUT", 502}};
  auto result = run(place);
  EXPECT_EQ(result.calls, kEmptied);
  expect_left(result, "update", 502);

  for (const int status : {0, 200, 400, 401, 403, 500}) {
    place = office();
    place.failing["TOKEN"] = status;
    result = run(place);
    EXPECT_EQ(result.calls, Calls{kToken}) << status;
    expect_left(result, "token", status);
  }
}

TEST(Credentials, AnAccountThatIsNotThereIsNoSuccess) {
  Office place = office();
  place.credentials.clear();
  const auto result = run(place);
  EXPECT_EQ(result.calls, kEmptied);
  expect_left(result, "update", 404);
}

TEST(Credentials, ARefusedTokenIsGotAnew) {
  Office place = office();
  place.refused_tokens = 1;
  auto result = run(place);
  EXPECT_EQ(result.calls, (Calls{kToken, "DELETE" + kAccount, kToken, "DELETE" + kAccount}));
  expect_removed(result);

  place.refused_tokens = 5;
  result = run(place);
  EXPECT_EQ(result.calls.size(), 4u) << "once";
  expect_left(result, "delete", 401);
}

TEST(Credentials, WithoutAConfiguredProviderTheyStay) {
  for (const char* option : {"sunbird_sso_url", "sunbird_sso_realm", "sunbird_sso_client_id", "sunbird_sso_username", "sunbird_sso_password"}) {
    const auto result = run(office(), keycloak({{option, " "}}));
    EXPECT_TRUE(result.calls.empty()) << option;
    EXPECT_TRUE(result.office.credentials.contains("u1"));
    EXPECT_NE(result.props.find("keycloakCredentials:false"), std::string::npos);
    ASSERT_EQ(result.plan.remarks.size(), 1u);
    EXPECT_FALSE(result.plan.remarks[0].audit) << "it would be the same line for every user";
    expect_rest_done(result);
  }
}

TEST(Credentials, ADryRunTakesTheCallsAsMade) {
  Office place = office();
  place.dry_run = true;
  const auto result = run(place);
  EXPECT_TRUE(result.calls.empty());
  EXPECT_TRUE(result.plan.remarks.empty());
  EXPECT_NE(result.props.find("keycloakCredentials:true"), std::string::npos);
}

TEST(Credentials, WhatIsKept) {
  const Options options = options_of(keycloak());
  Facts facts;
  Ask ask;
  remove_credentials(*options.identity_provider, "u1", facts, ask);
  ASSERT_EQ(ask.http.size(), 1u);
  const HttpQuery token = ask.http[0];
  EXPECT_TRUE(token.changes);
  EXPECT_EQ(token.remember, std::chrono::seconds(45));
  const auto answer = [](const char* body, int status = 200) { return HttpAnswer{.status = status, .body = body}; };
  EXPECT_TRUE(token.worth_keeping(answer(R"({"access_token":"t","expires_in":60})")));
  EXPECT_FALSE(token.worth_keeping(answer(R"({"access_token":"t","expires_in":59})")));
  EXPECT_FALSE(token.worth_keeping(answer(R"({"access_token":"t"})")));
  EXPECT_FALSE(token.worth_keeping(answer(R"({"access_token":"t","expires_in":60})", 500)));
  EXPECT_FALSE(token.worth_keeping(answer(R"({"expires_in":60})")));
  EXPECT_FALSE(token.worth_keeping(answer("")));

  facts.put(token, answer(R"({"access_token":"t","expires_in":1})"));
  ask = {};
  remove_credentials(*options.identity_provider, "u1", facts, ask);
  ASSERT_EQ(ask.http.size(), 1u);
  EXPECT_EQ(ask.http[0].method, "DELETE");
  EXPECT_TRUE(ask.http[0].changes);
  EXPECT_EQ(ask.http[0].remember, std::chrono::minutes(10)) << "an event that is decided once more does not delete twice";
  EXPECT_TRUE(ask.http[0].worth_keeping(answer("", 204)));
  EXPECT_FALSE(ask.http[0].worth_keeping(answer("", 404)));
}

TEST(Credentials, ATokenThatWouldBreakTheHeaderIsNone) {
  const Options options = options_of(keycloak());
  for (const char* body : {R"({"access_token":""})", R"({"access_token":7})", R"({"access_token":"a b"})", R"({"access_token":"a\r\nX: y"})", "[]", "null"}) {
    Facts facts;
    Ask ask;
    remove_credentials(*options.identity_provider, "u1", facts, ask);
    facts.put(ask.http.at(0), HttpAnswer{.status = 200, .body = body});
    ask = {};
    EXPECT_EQ(remove_credentials(*options.identity_provider, "u1", facts, ask).step, "token") << body;
    EXPECT_FALSE(ask.pending());
  }
}

TEST(Credentials, IdsAreEncoded) {
  const Options options = options_of(keycloak());
  Facts facts;
  Ask ask;
  remove_credentials(*options.identity_provider, "u/1 ?", facts, ask);
  facts.put(ask.http.at(0), HttpAnswer{.status = 200, .body = R"({"access_token":"t"})"});
  ask = {};
  remove_credentials(*options.identity_provider, "u/1 ?", facts, ask);
  EXPECT_EQ(ask.http.at(0).url, "http://sso/auth/admin/realms/the%20realm/users/f:provider:u%2F1%20%3F");
}

}  // namespace
}  // namespace lernd::user_deletion_cleanup
