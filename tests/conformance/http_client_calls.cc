#include <algorithm>
#include <cctype>

#include "conformance/http_client_suite.h"

namespace lernd {
namespace {

using Answer = Result<HttpAnswer>;

TEST_P(HttpClientSuite, AnyStatusIsAnAnswerWithItsBody) {
  std::vector<HttpStub> stubs;
  const std::vector<int> statuses = {200, 201, 204, 301, 400, 401, 404, 429, 500, 503};
  for (const int status : statuses) {
    stubs.push_back(
        {.method = "GET", .path = "/s" + std::to_string(status), .status = status, .body = status == 204 ? "" : "body of " + std::to_string(status)});
  }
  backend_->serve(stubs);
  for (const HttpStub& stub : stubs) EXPECT_EQ(call(query("GET", stub.path)), (Answer(HttpAnswer{stub.status, stub.body}))) << stub.status;
}

TEST_P(HttpClientSuite, BodiesMayHoldAnyCharacters) {
  const std::string body = R"({"name":"शिक्षक \"Ünï\" 🎓","empty":""})";
  backend_->serve({{.method = "POST", .path = "/echo", .status = 200, .body = body}});
  EXPECT_EQ(call(query("POST", "/echo", body)), (Answer(HttpAnswer{200, body})));
  ASSERT_EQ(backend_->calls().size(), 1u);
  EXPECT_EQ(backend_->calls()[0].body, body);
}

TEST_P(HttpClientSuite, WhatNobodyAnswersIs404) {
  backend_->serve({{.method = "GET", .path = "/there"}});
  EXPECT_EQ(call(query("GET", "/elsewhere")), (Answer(HttpAnswer{404, ""})));
  EXPECT_EQ(call(query("POST", "/there")), (Answer(HttpAnswer{404, ""})));
}

TEST_P(HttpClientSuite, MethodPathQueryAndBodyArriveAsGiven) {
  backend_->serve({{.method = "POST", .path = "/v3/search", .status = 200, .body = "found"}});
  ASSERT_TRUE(ok(call(query("POST", "/v3/search?a=1&b=%20x&c", R"({"request":1})"))));
  const auto calls = backend_->calls();
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].method, "POST");
  EXPECT_EQ(calls[0].path, "/v3/search");
  EXPECT_EQ(calls[0].query, "a=1&b=%20x&c");
  EXPECT_EQ(calls[0].body, R"({"request":1})");
}

TEST_P(HttpClientSuite, HeadersArriveAsGiven) {
  backend_->serve({{.method = "POST", .path = "/h", .status = 200}});
  ASSERT_TRUE(ok(call(query("POST", "/h", "{}", {{"Content-Type", "application/json"}, {"X-Channel-Id", "sunbird"}}))));
  const auto calls = backend_->calls();
  ASSERT_EQ(calls.size(), 1u);
  const auto value_of = [&](const std::string& name) {
    for (const Header& header : calls[0].headers) {
      const bool same = std::ranges::equal(header.name, name, [](char left, char right) {
        return std::tolower(static_cast<unsigned char>(left)) == std::tolower(static_cast<unsigned char>(right));
      });
      if (same) return header.value;
    }
    return std::string("(absent)");
  };
  EXPECT_EQ(value_of("Content-Type"), "application/json");
  EXPECT_EQ(value_of("X-Channel-Id"), "sunbird");
}

TEST_P(HttpClientSuite, RunsOfSlashesAreOne) {
  backend_->serve({{.method = "GET", .path = "/a//b/c", .status = 200, .body = "yes"}});
  EXPECT_EQ(call(query("GET", "//a/b///c")), (Answer(HttpAnswer{200, "yes"})));
}

TEST_P(HttpClientSuite, RedirectsAreNotFollowed) {
  backend_->serve({{.method = "GET", .path = "/moved", .status = 302, .body = ""}, {.method = "GET", .path = "/", .status = 200, .body = "elsewhere"}});
  EXPECT_EQ(call(query("GET", "/moved"))->status, 302);
  EXPECT_EQ(backend_->calls().size(), 1u);
}

TEST_P(HttpClientSuite, ARefusedConnectionMayPass) {
  backend_->serve({{.method = "GET", .path = "/x", .fault = HttpStub::Fault::refused}});
  EXPECT_TRUE(failed(call(query("GET", "/x")), Treatment::retry, ErrorCode::unavailable, {"search"}));
}

TEST_P(HttpClientSuite, AResetConnectionMayPass) {
  backend_->serve({{.method = "GET", .path = "/x", .fault = HttpStub::Fault::reset}});
  EXPECT_TRUE(failed(call(query("GET", "/x")), Treatment::retry, ErrorCode::unavailable, {"search"}));
}

TEST_P(HttpClientSuite, ATimeOutMayPass) {
  backend_->serve({{.method = "GET", .path = "/x", .fault = HttpStub::Fault::timeout}});
  EXPECT_TRUE(failed(call(query("GET", "/x")), Treatment::retry, ErrorCode::timed_out, {"search"}));
}

TEST_P(HttpClientSuite, AFaultThatIsOverIsForgotten) {
  backend_->serve({{.method = "GET", .path = "/x", .times = 1, .fault = HttpStub::Fault::reset},
                   {.method = "GET", .path = "/x", .times = 1, .status = 503},
                   {.method = "GET", .path = "/x", .status = 200, .body = "back"}});
  EXPECT_TRUE(failed(call(query("GET", "/x")), Treatment::retry));
  EXPECT_EQ(call(query("GET", "/x"))->status, 503);
  EXPECT_EQ(call(query("GET", "/x")), (Answer(HttpAnswer{200, "back"})));
}

TEST_P(HttpClientSuite, AnAnswerOfMoreThan8MiBIsRejected) {
  const std::size_t limit = 8u << 20;
  backend_->serve(
      {{.method = "GET", .path = "/fits", .body = std::string(limit, 'x')}, {.method = "GET", .path = "/large", .body = std::string(limit + 1, 'x')}});
  const auto fits = call(query("GET", "/fits"));
  ASSERT_TRUE(ok(fits));
  EXPECT_EQ(fits->body.size(), limit);
  EXPECT_TRUE(failed(call(query("GET", "/large")), Treatment::reject, ErrorCode::bad_answer, {"search"}));
}

TEST_P(HttpClientSuite, AnUnusableUrlIsFatalAndKeptOutOfTheText) {
  for (const std::string url : {"", "search/v3", "ftp://host/x", "http://"}) {
    HttpQuery bad = query("GET", "/x");
    bad.url = url;
    EXPECT_TRUE(failed(call(bad), Treatment::fatal, ErrorCode::invalid_option, {"search"})) << url;
  }
}

TEST_P(HttpClientSuite, ManyCallsAtOnceAreAnsweredInOrder) {
  std::vector<HttpStub> stubs;
  std::vector<HttpQuery> queries;
  for (int i = 0; i < 200; ++i) {
    const std::string number = std::to_string(i);
    stubs.push_back(
        {.method = "POST", .path = "/p" + number, .body_contains_json = "{\"n\":" + number + "}", .status = 200 + i % 4, .body = "answer " + number});
    queries.push_back(query("POST", "/p" + number, "{\"n\":" + number + ",\"more\":true}"));
  }
  backend_->serve(stubs);
  const auto answers = client_->call(queries);
  ASSERT_EQ(answers.size(), queries.size());
  for (std::size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(answers[i], (Answer(HttpAnswer{stubs[i].status, stubs[i].body}))) << i;
  EXPECT_EQ(backend_->calls().size(), queries.size());
}

TEST_P(HttpClientSuite, OneFaultAmongManyCallsLeavesTheOthersAlone) {
  backend_->serve({{.method = "GET", .path = "/good", .status = 200, .body = "good"}, {.method = "GET", .path = "/bad", .fault = HttpStub::Fault::reset}});
  std::vector<HttpQuery> queries;
  for (int i = 0; i < 20; ++i) queries.push_back(query("GET", i == 7 ? "/bad" : "/good"));
  const auto answers = client_->call(queries);
  ASSERT_EQ(answers.size(), 20u);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (i == 7) {
      EXPECT_TRUE(failed(answers[i], Treatment::retry)) << i;
    } else {
      EXPECT_EQ(answers[i], (Answer(HttpAnswer{200, "good"}))) << i;
    }
  }
}

TEST_P(HttpClientSuite, NoCallsAreNoWork) { EXPECT_TRUE(client_->call({}).empty()); }

}  // namespace
}  // namespace lernd
