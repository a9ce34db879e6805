#include "jobs/account_read.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace lernd {
namespace {

using Json = nlohmann::json;
using Outcome = AccountRead::Outcome;

HttpAnswer answer_with(const Json& account) { return {.status = 200, .body = Json{{"result", {{"response", account}}}}.dump()}; }

TEST(AccountRead, AsksWithTheQueryOfTheReference) {
  const auto query = account_query("http://h/private/user/v1/read/", "u 1/x");
  EXPECT_EQ(query.method, "GET");
  EXPECT_EQ(query.url, "http://h/private/user/v1/read/u%201%2Fx?identifier,rootOrgId");
  EXPECT_EQ(query.headers, (std::vector<Header>{{"Content-Type", "application/json"}}));
  EXPECT_FALSE(query.changes);
  EXPECT_EQ(query.remember.count(), 0);
}

TEST(AccountRead, OneSlashBeforeTheId) {
  OptionValues values = default_values(account_read_options());
  for (const std::string base : {"http://h/userorg", "http://h/userorg/", "h/userorg"}) {
    for (const std::string path : {"/private/user/v1/read/", "private/user/v1/read", "/private/user/v1/read//"}) {
      values.set("service.userorg.basePath", base);
      values.set("user_read_api", path);
      EXPECT_EQ(account_url(values), "http://h/userorg/private/user/v1/read/");
    }
  }
}

TEST(AccountRead, AnAccountIsOfAUserAndAnOrganisation) {
  const auto read = account_read(answer_with({{"identifier", "User-1"}, {"rootOrgId", "org-AB"}}));
  ASSERT_EQ(read.outcome, Outcome::found);
  EXPECT_TRUE(read.is_of("User-1", "org-AB"));
  EXPECT_TRUE(read.is_of("uSER-1", "ORG-ab"));
  EXPECT_FALSE(read.is_of("User-2", "org-AB"));
  EXPECT_FALSE(read.is_of("User-1", "org-A"));
  EXPECT_FALSE(read.is_of("User-1", ""));
}

TEST(AccountRead, WhatIsMissingIsEqualToNothing) {
  for (const Json& account : {Json(), Json::object(), Json{{"identifier", "u"}}, Json{{"rootOrgId", "o"}}, Json{{"identifier", 7}, {"rootOrgId", "o"}},
                              Json{{"identifier", "u"}, {"rootOrgId", nullptr}}, Json("u"), Json{{"identifier", ""}, {"rootOrgId", ""}}}) {
    const auto read = account_read(answer_with(account));
    EXPECT_EQ(read.outcome, Outcome::found) << account;
    EXPECT_FALSE(read.is_of("u", "o")) << account;
    EXPECT_FALSE(read.is_of("", "")) << account;
  }
  for (const char* body : {"{}", R"({"result":null})", R"({"result":{}})", R"({"result":[]})"}) {
    EXPECT_EQ(account_read({.status = 200, .body = body}).outcome, Outcome::found) << body;
    EXPECT_FALSE(account_read({.status = 200, .body = body}).is_of("u", "o")) << body;
  }
}

TEST(AccountRead, ARefusalIsTheLastWord) {
  for (const int status : {301, 302, 400, 401, 403, 404, 429, 499}) {
    const auto read = account_read({.status = status, .body = answer_with({{"identifier", "u"}, {"rootOrgId", "o"}}).body});
    EXPECT_EQ(read.outcome, Outcome::refused) << status;
    EXPECT_FALSE(read.blocked) << status;
    EXPECT_FALSE(read.is_of("u", "o")) << status;
  }
}

TEST(AccountRead, ABlockedAccount) {
  const auto blocked = [](int status, const std::string& err) {
    return account_read({.status = status, .body = Json{{"responseCode", "CLIENT_ERROR"}, {"params", {{"err", err}}}}.dump()}).blocked;
  };
  EXPECT_TRUE(blocked(400, "UOS_USRRED0006"));
  EXPECT_TRUE(blocked(400, "uos_usrred0006"));
  EXPECT_FALSE(blocked(400, "UOS_USRRED0013"));
  EXPECT_FALSE(blocked(404, "UOS_USRRED0006"));
}

TEST(AccountRead, AServiceThatFails) {
  for (const HttpAnswer& answer : {HttpAnswer{.status = 500, .body = answer_with({{"identifier", "u"}}).body}, HttpAnswer{.status = 503, .body = "no upstream"},
                                   HttpAnswer{.status = 599, .body = ""}, HttpAnswer{.status = 204, .body = ""}, HttpAnswer{.status = 200, .body = ""},
                                   HttpAnswer{.status = 200, .body = "<html>"}, HttpAnswer{.status = 200, .body = "[]"},
                                   HttpAnswer{.status = 200, .body = "null"}, HttpAnswer{.status = 200, .body = R"({"result":)"}}) {
    const auto read = account_read(answer);
    EXPECT_EQ(read.outcome, Outcome::failed) << answer.status << answer.body;
    EXPECT_EQ(read.error.treatment, Treatment::retry);
    EXPECT_EQ(read.error.code, ErrorCode::bad_answer);
    EXPECT_NE(read.error.text.find(std::to_string(answer.status)), std::string::npos) << read.error.text;
  }
}

}  // namespace
}  // namespace lernd
