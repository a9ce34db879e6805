#include "jobs/user_cache_updater/user_read.h"

#include "unit/jobs/user_cache_updater/user.h"

namespace lernd::user_cache_updater {
namespace {

using Outcome = UserRead::Outcome;

struct Expected {
  Outcome outcome = Outcome::failed;
  bool readable = true;
  Treatment treatment = Treatment::retry;
  bool own_fault = false;
};

void expect_read(const HttpAnswer& answer, const Expected& expected, const Settings& settings = {}) {
  const auto read = user_read(answer, options_of(settings));
  EXPECT_EQ(read.outcome, expected.outcome) << answer.body;
  EXPECT_EQ(read.readable, expected.readable) << answer.body;
  EXPECT_EQ(read.own_fault, expected.own_fault) << answer.body;
  if (expected.outcome == Outcome::failed) {
    EXPECT_EQ(read.error.treatment, expected.treatment) << answer.body;
    EXPECT_FALSE(read.error.text.empty());
  }
}

TEST(UserRead, AsksForTheFieldsOfTheOptions) {
  const auto query = profile_query(options_of({{"user.read.url.fields", "a,b"}}), "u 1/x");
  EXPECT_EQ(query.method, "GET");
  EXPECT_EQ(query.url, "http://users/read/u%201%2Fx?fields=a,b");
  EXPECT_TRUE(query.headers.empty() && query.body.empty());
  EXPECT_EQ(query.remember.count(), 0);
}

TEST(UserRead, AProfileWhateverTheStatus) {
  for (const int status : {200, 400, 500}) {
    auto answer = answer_with({{"firstName", "A"}});
    answer.status = status;
    expect_read(answer, {.outcome = Outcome::found});
  }
  expect_read(answer_with(nlohmann::json::object()), {.outcome = Outcome::found});
  EXPECT_EQ(user_read(answer_with({{"firstName", "A"}}), options_of()).profile.find("firstName")->text(), "A");
}

TEST(UserRead, OkWithoutAProfileIsTheRecordsOwnFault) {
  for (const char* result : {"{}", "null", R"({"other":{}})", R"({"response":null})", R"({"response":"x"})", "[]"}) {
    expect_read({.status = 200, .body = std::string(R"({"responseCode":"ok","result":)") + result + "}"}, {.own_fault = true});
  }
  expect_read({.status = 200, .body = R"({"responseCode":"OK"})"}, {.own_fault = true});
}

TEST(UserRead, ABlockedAccountIsNoError) {
  expect_read(error_answer("CLIENT_ERROR", "UOS_USRRED0006"), {.outcome = Outcome::blocked});
  expect_read(error_answer("client_error", "uos_usrred0006"), {.outcome = Outcome::blocked});
  expect_read(error_answer("FORBIDDEN", "UOS_USRRED0006"), {.outcome = Outcome::blocked}, {{"user.read.api.error", "CLIENT_ERROR,FORBIDDEN"}});
  expect_read(error_answer("FORBIDDEN", "UOS_USRRED0006"), {});
  expect_read(error_answer("CLIENT_ERROR", "UOS_USRRED0006"), {.treatment = Treatment::reject, .own_fault = true}, {{"user.read.api.error", ""}});
}

TEST(UserRead, AClientErrorIsFinal) {
  expect_read(error_answer("CLIENT_ERROR", "UOS_USRRED0001"), {.treatment = Treatment::reject, .own_fault = true});
  for (const char* params : {"null", "{}", R"({"err":null})", R"({"err":7})", "[]"}) {
    expect_read({.status = 400, .body = std::string(R"({"responseCode":"CLIENT_ERROR","params":)") + params + "}"},
                {.readable = false, .treatment = Treatment::reject, .own_fault = true});
  }
}

TEST(UserRead, AnUnknownUserMayBecomeKnown) { expect_read(error_answer("RESOURCE_NOT_FOUND", "x"), {.own_fault = true}); }

TEST(UserRead, OtherCodesAreFaultsOfTheService) {
  for (const std::string code : {"SERVER_ERROR", "UNAUTHORIZED", "anything", ""}) expect_read(error_answer(code, "UOS_USRRED0006"), {});
}

TEST(UserRead, WhatCannotBeReadIsAFaultOfTheService) {
  for (const char* body : {"", "<html>Bad gateway</html>", "[]", "{}", R"({"result":{"response":{}}})"})
    expect_read({.status = 200, .body = body}, {.readable = false});
}

}  // namespace
}  // namespace lernd::user_cache_updater
