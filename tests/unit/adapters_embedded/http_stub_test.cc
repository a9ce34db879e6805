#include "adapters/embedded/http_stub.h"

#include <gtest/gtest.h>

#include "adapters/embedded/embedded_http_client.h"
#include "conformance/conformance.h"

namespace lernd {
namespace {

HttpCall call_of(const std::string& method, const std::string& url, const std::string& body = "") {
  const auto call = http_call(method, url, body);
  EXPECT_TRUE(call.has_value()) << url;
  return call.value_or(HttpCall());
}

TEST(HttpStubTest, AUrlIsCutIntoPathAndQuery) {
  EXPECT_EQ(call_of("GET", "http://host:80/a/b?x=1&y=%20", "body"), (HttpCall{"GET", "/a/b", "x=1&y=%20", "body"}));
  EXPECT_EQ(call_of("GET", "https://host"), (HttpCall{"GET", "/", "", ""}));
  EXPECT_EQ(call_of("GET", "http://host?q"), (HttpCall{"GET", "/", "q", ""}));
  EXPECT_EQ(call_of("GET", "http://host//a///b/?/q//"), (HttpCall{"GET", "/a/b/", "/q//", ""}));
  EXPECT_EQ(call_of("GET", "http://host/a?b#c"), (HttpCall{"GET", "/a", "b", ""}));
  for (const char* url : {"", "/path", "host/path", "ftp://host/", "http://", "http:///path"}) EXPECT_FALSE(http_call("GET", url, "").has_value()) << url;
}

TEST(HttpStubTest, OnlyMethodAndPathCountByDefault) {
  const HttpStub stub{.method = "POST", .path = "/v3//search"};
  EXPECT_TRUE(answers(stub, call_of("POST", "http://any/v3/search?x=1", "anything")));
  EXPECT_FALSE(answers(stub, call_of("GET", "http://any/v3/search")));
  EXPECT_FALSE(answers(stub, call_of("POST", "http://any/v3/search/")));
  EXPECT_FALSE(answers(stub, call_of("POST", "http://any/v3")));
}

TEST(HttpStubTest, TheQueryIsComparedRaw) {
  const HttpStub stub{.method = "GET", .path = "/x", .query = "a=1&b=%20"};
  EXPECT_TRUE(answers(stub, call_of("GET", "http://h/x?a=1&b=%20")));
  EXPECT_FALSE(answers(stub, call_of("GET", "http://h/x?b=%20&a=1")));
  EXPECT_FALSE(answers(stub, call_of("GET", "http://h/x?a=1&b=+")));
  EXPECT_FALSE(answers(stub, call_of("GET", "http://h/x")));
  const HttpStub none{.method = "GET", .path = "/x", .query = ""};
  EXPECT_TRUE(answers(none, call_of("GET", "http://h/x")));
  EXPECT_FALSE(answers(none, call_of("GET", "http://h/x?a")));
}

TEST(HttpStubTest, ABodyContainsObjectsAsSubsets) {
  EXPECT_TRUE(json_contains(R"({"a":{"b":1,"c":2},"d":3})", R"({"a":{"b":1}})"));
  EXPECT_TRUE(json_contains(R"({"a":1})", "{}"));
  EXPECT_TRUE(json_contains(R"({"a":1})", R"({"a":1.0})")) << "numbers by value";
  EXPECT_TRUE(json_contains(R"({"a":null})", R"({"a":null})"));
  EXPECT_FALSE(json_contains(R"({})", R"({"a":null})")) << "absent is not null";
  EXPECT_FALSE(json_contains(R"({"a":{"c":2}})", R"({"a":{"b":1}})"));
  EXPECT_FALSE(json_contains(R"({"a":"1"})", R"({"a":1})"));
  EXPECT_FALSE(json_contains(R"([])", R"({})"));
}

TEST(HttpStubTest, ABodyContainsArraysExactly) {
  EXPECT_TRUE(json_contains(R"({"a":[1,{"b":2}]})", R"({"a":[1,{"b":2}]})"));
  EXPECT_FALSE(json_contains(R"({"a":[1,2]})", R"({"a":[1]})"));
  EXPECT_FALSE(json_contains(R"({"a":[2,1]})", R"({"a":[1,2]})"));
  EXPECT_FALSE(json_contains(R"({"a":[{"b":2,"c":3}]})", R"({"a":[{"b":2}]})")) << "an object inside an array is no subset";
}

TEST(HttpStubTest, WhatIsNoJsonContainsNothing) {
  EXPECT_FALSE(json_contains("", "{}"));
  EXPECT_FALSE(json_contains("{", "{}"));
  EXPECT_FALSE(json_contains("{}", "{"));
}

TEST(HttpStubTest, TheFirstStubThatIsNotUsedUpAnswers) {
  std::vector<HttpStub> stubs = {{.method = "GET", .path = "/x", .query = "only"},
                                 {.method = "GET", .path = "/x", .times = 2},
                                 {.method = "GET", .path = "/x", .times = 0},
                                 {.method = "GET", .path = "/x"}};
  const HttpCall call = call_of("GET", "http://h/x");
  EXPECT_EQ(take_stub(stubs, call), 1u);
  EXPECT_EQ(take_stub(stubs, call), 1u);
  EXPECT_EQ(take_stub(stubs, call), 3u);
  EXPECT_EQ(take_stub(stubs, call), 3u);
  EXPECT_EQ(take_stub(stubs, call_of("GET", "http://h/x?only")), 0u);
  EXPECT_EQ(take_stub(stubs, call_of("GET", "http://h/y")), std::nullopt);
}

TEST(HttpStubTest, TheSecretOfACallIsNotKept) {
  const auto database = EmbeddedDatabase::open(":memory:");
  ASSERT_TRUE(ok(database));
  const HttpQuery query{
      .service = "s", .method = "GET", .url = "http://h/x", .headers = {{"authorization", "Bearer secret"}, {"Authorization", "x"}, {"Accept", "*"}}};
  ASSERT_TRUE(ok(make_embedded_http_client(*database)->call(std::span(&query, 1)).at(0)));
  const auto calls = http_calls(**database);
  ASSERT_TRUE(ok(calls));
  EXPECT_EQ(calls->at(0).headers, (std::vector<Header>{{"authorization", "***"}, {"Authorization", "***"}, {"Accept", "*"}}));
}

TEST(HttpStubTest, UsedUpStubsStayUsedUpInTheFile) {
  const auto database = EmbeddedDatabase::open(":memory:");
  ASSERT_TRUE(ok(database));
  const std::vector<HttpStub> stubs = {{.method = "GET", .path = "/x", .times = 1, .status = 200, .body = "once"}};
  ASSERT_TRUE(ok(put_http_stubs(**database, stubs)));
  const HttpQuery query{.service = "s", .method = "GET", .url = "http://h/x"};
  EXPECT_EQ(make_embedded_http_client(*database)->call(std::span(&query, 1)).at(0)->status, 200);
  EXPECT_EQ(make_embedded_http_client(*database)->call(std::span(&query, 1)).at(0)->status, 404);
  ASSERT_TRUE(ok(put_http_stubs(**database, stubs)));
  EXPECT_EQ(make_embedded_http_client(*database)->call(std::span(&query, 1)).at(0)->status, 200) << "put again, they answer again";
}

}  // namespace
}  // namespace lernd
