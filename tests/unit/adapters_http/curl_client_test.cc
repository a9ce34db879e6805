#include "adapters/http/curl_client.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <mutex>

#include "adapters/http/stub_server.h"
#include "support/scripted_server.h"

namespace lernd {
namespace {

/// A stub that answers every request in the same way and keeps what it was sent.
class Recorder {
 public:
  explicit Recorder(const StubReply& reply) {
    auto server = StubServer::start([this, reply](const StubRequest& request) {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      return reply;
    });
    EXPECT_TRUE(server);
    server_ = std::move(*server);
  }

  std::string url(std::string_view path) const { return fmt::format("http://127.0.0.1:{}{}", server_->port(), path); }

  std::vector<StubRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<StubRequest> requests_;
  std::unique_ptr<StubServer> server_;
};

StubReply reply_of(int status, std::string body) { return {.status = status, .body = std::move(body)}; }

HttpQuery query_of(std::string method, std::string url, std::string body = "") {
  HttpQuery query;
  query.service = "search";
  query.method = std::move(method);
  query.url = std::move(url);
  query.body = std::move(body);
  return query;
}

Result<HttpAnswer> call(const HttpOptions& options, const HttpQuery& query) { return make_curl_client(options)->call(std::span(&query, 1)).front(); }

void expect_error(const Result<HttpAnswer>& answer, Treatment treatment, ErrorCode code) {
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().treatment, treatment) << answer.error().text;
  EXPECT_EQ(answer.error().code, code) << answer.error().text;
  EXPECT_TRUE(answer.error().text.starts_with("search at 127.0.0.1:")) << answer.error().text;
}

std::vector<std::string> header_values(const StubRequest& request, std::string_view name) {
  std::vector<std::string> values;
  for (const Header& header : request.headers) {
    if (header.name == name) values.push_back(header.value);
  }
  return values;
}

TEST(CurlClient, AnswersWithStatusAndBody) {
  const Recorder stub(reply_of(200, R"({"status":"Live"})"));
  EXPECT_EQ(call({}, query_of("GET", stub.url("/"))), (HttpAnswer{200, R"({"status":"Live"})"}));
}

TEST(CurlClient, EveryStatusIsAnAnswerAndRedirectsAreNotFollowed) {
  for (const int status : {204, 301, 302, 404, 429, 500, 503}) {
    const Recorder stub(reply_of(status, ""));
    EXPECT_EQ(call({}, query_of("GET", stub.url("/")))->status, status);
    EXPECT_EQ(stub.requests().size(), 1u);
  }
}

TEST(CurlClient, UrlGoesOutAsItWasGiven) {
  const Recorder stub(reply_of(200, ""));
  ASSERT_TRUE(call({}, query_of("GET", stub.url("/a//b/../%C3%A9?q=%20x&y=a+b"))));
  EXPECT_EQ(stub.requests()[0].path, "/a//b/../%C3%A9");
  EXPECT_EQ(stub.requests()[0].query, "q=%20x&y=a+b");
}

TEST(CurlClient, AnswersKeepTheHeadersAskedFor) {
  StubReply reply = reply_of(429, "");
  reply.headers = {{.name = "Retry-After", .value = " 7 "}, {.name = "X-Other", .value = "x"}};
  const Recorder stub(reply);
  EXPECT_EQ(call({.keep_headers = {"retry-after"}}, query_of("GET", stub.url("/")))->headers, (std::vector<Header>{{.name = "retry-after", .value = "7"}}));
  EXPECT_TRUE(call({}, query_of("GET", stub.url("/")))->headers.empty());
}

TEST(CurlClient, SendsMethodHeadersAndBody) {
  const Recorder stub(reply_of(200, ""));
  HttpQuery query = query_of("POST", stub.url("/v3/search"), R"({"name":"é"})");
  query.headers = {{.name = "Content-Type", .value = "application/json"}, {.name = "X-Channel", .value = "in.ekstep"}};
  ASSERT_TRUE(call({.user_agent = "lernd/1"}, query));
  const StubRequest request = stub.requests().at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.body, R"({"name":"é"})");
  EXPECT_EQ(header_values(request, "Content-Type"), std::vector<std::string>{"application/json"});
  EXPECT_EQ(header_values(request, "X-Channel"), std::vector<std::string>{"in.ekstep"});
  EXPECT_EQ(header_values(request, "User-Agent"), std::vector<std::string>{"lernd/1"});
  EXPECT_TRUE(header_values(request, "Expect").empty());
}

TEST(CurlClient, EachMethod) {
  const Recorder stub(reply_of(200, "x"));
  for (const auto* method : {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"}) {
    const auto answer = call({}, query_of(method, stub.url("/")));
    ASSERT_TRUE(answer) << method << answer.error().text;
    EXPECT_EQ(answer->body, method == std::string_view("HEAD") ? "" : "x");
    EXPECT_EQ(stub.requests().back().method, method);
    EXPECT_TRUE(header_values(stub.requests().back(), "Content-Type").empty()) << method;
  }
}

TEST(CurlClient, LargeBodyIsSentAtOnce) {
  const Recorder stub(reply_of(200, ""));
  const std::string body(3u << 20, 'b');
  ASSERT_TRUE(call({}, query_of("POST", stub.url("/"), body)));
  EXPECT_EQ(stub.requests()[0].body, body);
}

TEST(CurlClient, OneServiceTakesNoPlaceFromAnother) {
  StubReply slow = reply_of(200, "");
  slow.delay = std::chrono::milliseconds(100);
  std::string order;
  const auto server = *StubServer::start([&](const StubRequest& request) {
    order += request.path == "/quick" ? 'q' : 's';
    return request.path == "/quick" ? reply_of(200, "") : slow;
  });
  const auto client = make_curl_client({.in_flight_max = 3});
  std::vector<HttpQuery> queries;
  for (int i = 0; i < 9; ++i) {
    queries.push_back(query_of("GET", fmt::format("http://127.0.0.1:{}/slow?{}", server->port(), i)));
    queries.back().service = "slow";
  }
  for (int i = 0; i < 9; ++i) queries.push_back(query_of("GET", fmt::format("http://127.0.0.1:{}/quick?{}", server->port(), i)));
  const auto before = std::chrono::steady_clock::now();
  for (const auto& answer : client->call(queries)) ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_GE(std::chrono::steady_clock::now() - before, 3 * slow.delay) << "no more than three at once";
  EXPECT_EQ(std::ranges::count(order, 'q'), 9);
  EXPECT_GT(order.rfind('s'), order.rfind('q')) << order;
}

TEST(CurlClient, ManyCallsAnswerInTheOrderOfTheQueries) {
  const auto server = *StubServer::start([](const StubRequest& request) { return reply_of(200, request.query); });
  const auto client = make_curl_client({.in_flight_max = 8});
  std::vector<HttpQuery> queries;
  for (int i = 0; i < 200; ++i) queries.push_back(query_of("GET", fmt::format("http://127.0.0.1:{}/?{}", server->port(), i)));
  const auto answers = client->call(queries);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    ASSERT_TRUE(answers[i]) << answers[i].error().text;
    EXPECT_EQ(answers[i]->body, std::to_string(i));
  }
}

TEST(CurlClient, CallsRunAtOnceButNoMoreThanAllowed) {
  StubReply slow = reply_of(200, "");
  slow.delay = std::chrono::milliseconds(100);
  const Recorder stub(slow);
  const std::vector<HttpQuery> queries(12, query_of("GET", stub.url("/")));
  const auto client = make_curl_client({.in_flight_max = 4});
  const auto before = std::chrono::steady_clock::now();
  for (const auto& answer : client->call(queries)) EXPECT_TRUE(answer);
  const auto took = std::chrono::steady_clock::now() - before;
  EXPECT_GE(took, std::chrono::milliseconds(3 * 100));
  EXPECT_LT(took, std::chrono::milliseconds(12 * 100));
}

TEST(CurlClient, ConnectionIsKeptForTheNextCall) {
  ScriptedServer server({[](ScriptedPeer& peer) {
    for (int i = 0; i < 3; ++i) {
      peer.receive_until("\r\n\r\n");
      peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + std::to_string(i));
    }
    peer.await_end();
  }});
  const auto client = make_curl_client({});
  const std::vector<HttpQuery> one{query_of("GET", fmt::format("http://127.0.0.1:{}/", server.port()))};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client->call(one)[0], (HttpAnswer{200, std::to_string(i)}));
}

TEST(CurlClient, ConnectionClosedWhileIdleIsReplacedUnnoticed) {
  std::promise<void> finished;
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n";
  ScriptedServer server({[&](ScriptedPeer& peer) {
                           peer.receive_until("\r\n\r\n");
                           peer.send(answer + "1");
                           peer.finish();
                           finished.set_value();
                         },
                         [&](ScriptedPeer& peer) {
                           peer.receive_until("\r\n\r\n");
                           peer.send(answer + "2");
                           peer.await_end();
                         }});
  const auto client = make_curl_client({});
  const std::vector<HttpQuery> one{query_of("GET", fmt::format("http://127.0.0.1:{}/", server.port()))};
  EXPECT_EQ(client->call(one)[0]->body, "1");
  finished.get_future().wait();
  EXPECT_EQ(client->call(one)[0]->body, "2");
}

TEST(CurlClient, NoServerIsUnavailable) {
  int port = 0;
  {
    port = ScriptedServer({}).port();
  }
  expect_error(call({}, query_of("GET", fmt::format("http://127.0.0.1:{}/", port))), Treatment::retry, ErrorCode::unavailable);
}

TEST(CurlClient, ResetConnectionIsLost) {
  StubReply reply = reply_of(200, "never sent");
  reply.fault = StubReply::Fault::reset;
  const Recorder stub(reply);
  const auto answer = call({}, query_of("GET", stub.url("/")));
  expect_error(answer, Treatment::retry, ErrorCode::unavailable);
  EXPECT_TRUE(answer.error().text.contains("connection lost")) << answer.error().text;
}

TEST(CurlClient, CutAnswerIsNoAnswer) {
  StubReply reply = reply_of(200, "a body of some length");
  reply.fault = StubReply::Fault::cut;
  const Recorder stub(reply);
  const auto answer = call({}, query_of("GET", stub.url("/")));
  expect_error(answer, Treatment::retry, ErrorCode::unavailable);
  EXPECT_TRUE(answer.error().text.contains("cut short")) << answer.error().text;
}

TEST(CurlClient, TrickledAnswerIsWholeOrTimesOut) {
  StubReply trickled = reply_of(200, R"({"a":1})");
  trickled.fault = StubReply::Fault::trickle;
  trickled.delay = std::chrono::milliseconds(5);
  const Recorder stub(trickled);
  EXPECT_EQ(call({}, query_of("GET", stub.url("/")))->body, R"({"a":1})");
  trickled.delay = std::chrono::milliseconds(60);
  const Recorder slower(trickled);
  expect_error(call({.total_timeout = std::chrono::milliseconds(200)}, query_of("GET", slower.url("/"))), Treatment::retry, ErrorCode::timed_out);
}

TEST(CurlClient, AnswerEndsWhereItsLengthSays) {
  StubReply lie = reply_of(200, R"({"a":123})");
  lie.fault = StubReply::Fault::short_length;
  const Recorder stub(lie);
  EXPECT_EQ(call({}, query_of("GET", stub.url("/")))->body, R"({"a")") << "what is wrong with it, its reader finds";
}

TEST(CurlClient, SlowAnswerTimesOut) {
  StubReply reply = reply_of(200, "late");
  reply.delay = std::chrono::hours(1);
  const Recorder stub(reply);
  expect_error(call({.total_timeout = std::chrono::milliseconds(50)}, query_of("GET", stub.url("/?secret=1"))), Treatment::retry, ErrorCode::timed_out);
}

TEST(CurlClient, AnswerLargerThanAllowedIsRejected) {
  const HttpOptions options{.answer_bytes_max = 1000};
  const Recorder fits(reply_of(200, std::string(1000, 'a')));
  EXPECT_TRUE(call(options, query_of("GET", fits.url("/"))));
  const Recorder large(reply_of(200, std::string(1001, 'a')));
  expect_error(call(options, query_of("GET", large.url("/"))), Treatment::reject, ErrorCode::bad_answer);
}

TEST(CurlClient, SomethingElseThanHttpIsABadAnswer) {
  ScriptedServer server({[](ScriptedPeer& peer) {
    peer.receive_until("\r\n\r\n");
    peer.send("-ERR unknown command\r\n");
  }});
  expect_error(call({}, query_of("GET", fmt::format("http://127.0.0.1:{}/", server.port()))), Treatment::retry, ErrorCode::bad_answer);
}

TEST(CurlClient, OneUnusableQueryDoesNotStopTheOthers) {
  const Recorder stub(reply_of(200, "x"));
  const std::vector<HttpQuery> queries{query_of("GET", stub.url("/")), query_of("GET", "nowhere"), query_of("GET", stub.url("/"))};
  const auto answers = make_curl_client({})->call(queries);
  EXPECT_TRUE(answers[0]);
  EXPECT_EQ(answers[1].error().treatment, Treatment::fatal);
  EXPECT_TRUE(answers[2]);
}

TEST(CurlClient, NothingAskedNothingAnswered) { EXPECT_TRUE(make_curl_client({})->call({}).empty()); }

}  // namespace
}  // namespace lernd
