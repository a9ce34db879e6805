#include "runtime/circuit_breaker.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>

#include "support/manual_clock.h"
#include "world.h"

namespace lernd {
namespace {

using namespace std::chrono_literals;

class Service final : public HttpClient {
 public:
  using Answers = std::function<Result<HttpAnswer>(const HttpQuery&)>;
  Service(Answers& answers, int& calls) : answers_(answers), calls_(calls) {}
  std::vector<Result<HttpAnswer>> call(std::span<const HttpQuery> queries) override {
    calls_ += static_cast<int>(queries.size());
    std::vector<Result<HttpAnswer>> answers;
    for (const HttpQuery& query : queries) answers.push_back(answers_(query));
    return answers;
  }

 private:
  Answers& answers_;
  int& calls_;
};

Result<HttpAnswer> away(const HttpQuery&) { return fail(Treatment::retry, ErrorCode::unavailable, "users at u:1: no connection"); }
Result<HttpAnswer> broken(const HttpQuery&) { return HttpAnswer{.status = 500, .body = ""}; }
Result<HttpAnswer> good(const HttpQuery&) { return HttpAnswer{.status = 200, .body = ""}; }

class Breaker : public testing::Test {
 protected:
  static HttpQuery query(int n, std::string service = "users") {
    return {.service = std::move(service), .method = "GET", .url = fmt::format("http://u/{}", n), .headers = {}, .body = ""};
  }
  /// `good`, `broken`, `away`, `open` for each call.
  std::vector<std::string> call(const std::vector<HttpQuery>& queries) {
    std::vector<std::string> texts;
    for (const auto& answer : breaker_.call(queries)) {
      if (answer) {
        texts.emplace_back(answer->status == 200 ? "good" : "broken");
      } else {
        texts.emplace_back(answer.error().code == ErrorCode::service_away ? "open" : "away");
      }
    }
    return texts;
  }
  std::string call(int n) { return call(std::vector{query(n)}).front(); }

  Service::Answers answers_ = good;
  int calls_ = 0;
  ManualClock clock_;
  CircuitBreaker breaker_{std::make_unique<Service>(answers_, calls_), {.failures_max = 3, .pause = 1000ms}, clock_};
};

TEST_F(Breaker, OpensAfterFailuresInARowAndAsksNoMore) {
  answers_ = away;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(call(1), "away");
  EXPECT_EQ(call(1), "open");
  EXPECT_EQ(call(2), "open");
  EXPECT_EQ(calls_, 3);
}

TEST_F(Breaker, CountsARepeatedCallThatGetsAnAnswerOnce) {
  answers_ = broken;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(call(1), "broken") << "it may be this record's own fault";
  EXPECT_EQ(call(2), "broken");
  EXPECT_EQ(call(3), "broken");
  EXPECT_EQ(call(1), "open");
}

TEST_F(Breaker, CountsEveryAnswerThatSpeaksOfTheService) {
  for (const int status : {429, 502, 503}) {
    calls_ = 0;
    answers_ = [&](const HttpQuery&) { return HttpAnswer{.status = status, .body = ""}; };
    for (int i = 0; i < 3; ++i) EXPECT_EQ(call(1), "broken");
    EXPECT_EQ(call(1), "open") << status << ": with nothing else to ask, one record would find it away until its attempts are used up";
    EXPECT_EQ(calls_, 3);
    clock_.sleep(1000ms);
    answers_ = good;
    EXPECT_EQ(call(1), "good");
  }
}

TEST_F(Breaker, CountsWhatTheQueryCallsAFailure) {
  std::vector<HttpQuery> queries{query(1), query(2), query(3), query(4)};
  for (HttpQuery& one : queries) one.failure = [](const HttpAnswer& answer) { return answer.body.empty(); };
  EXPECT_EQ(call({queries[0], queries[1], queries[2]}), (std::vector<std::string>{"good", "good", "good"}));
  EXPECT_EQ(call({queries[3]}), (std::vector<std::string>{"open"}));
}

TEST_F(Breaker, AnyGoodAnswerEndsTheRow) {
  answers_ = [](const HttpQuery& query) { return query.url.ends_with("/3") ? good(query) : away(query); };
  for (int round = 0; round < 4; ++round) {
    EXPECT_EQ(call(1), "away");
    EXPECT_EQ(call(2), "away");
    EXPECT_EQ(call(3), "good");
  }
}

TEST_F(Breaker, OneCallTriesWhetherTheServiceIsBack) {
  answers_ = away;
  call({query(1), query(2), query(3)});
  clock_.sleep(999ms);
  EXPECT_EQ(call(1), "open");
  clock_.sleep(1ms);
  calls_ = 0;
  EXPECT_EQ(call({query(1), query(2), query(3)}), (std::vector<std::string>{"open", "open", "open"})) << "the failed try is nobody's attempt";
  EXPECT_EQ(calls_, 1);
  EXPECT_EQ(call(1), "open") << "the pause begins anew";
  clock_.sleep(1000ms);
  answers_ = good;
  EXPECT_EQ(call({query(1), query(2), query(3)}), (std::vector<std::string>{"good", "good", "good"}));
  EXPECT_EQ(calls_, 4);
}

TEST_F(Breaker, IsOneForEachService) {
  answers_ = [](const HttpQuery& query) { return query.service == "users" ? away(query) : good(query); };
  call({query(1), query(2), query(3)});
  EXPECT_EQ(call({query(1), query(1, "search"), query(2)}), (std::vector<std::string>{"open", "good", "open"}));
}

TEST_F(Breaker, SaysWhatTheServiceSaidLast) {
  answers_ = away;
  call({query(1), query(2), query(3)});
  const HttpQuery one = query(1);
  const auto answer = breaker_.call({&one, 1}).front();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().treatment, Treatment::retry);
  EXPECT_NE(answer.error().text.find("users at u:1: no connection"), std::string::npos) << answer.error().text;
  EXPECT_NE(answer.error().text.find("lernd.breaker.failures_max"), std::string::npos);
}

TEST_F(Breaker, OfNoFailuresNeverOpens) {
  CircuitBreaker never(std::make_unique<Service>(answers_, calls_), {.failures_max = 0, .pause = 1000ms}, clock_);
  answers_ = away;
  const HttpQuery one = query(1);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(never.call({&one, 1}).front().error().code, ErrorCode::unavailable);
}

/// A service that is away for longer than the retries last, of a job whose records have few attempts.
TEST(BreakerOfAWorker, HoldsItsPartitionsBackAndParksNobody) {
  World world;
  world.options.on_exhausted = OnExhausted::dead_letter;
  world.options.retry.attempts_max = 8;
  world.options.breaker_pause = 5s;
  const auto back = world.clock.steady() + 10min;
  Service::Answers answers = [&](const HttpQuery& query) { return world.clock.steady() < back ? away(query) : good(query); };
  int calls = 0;
  world.http = std::make_unique<CircuitBreaker>(std::make_unique<Service>(answers, calls), BreakerOptions{.failures_max = 5, .pause = 5s}, world.clock);
  world.produce({"a ask", "b 1", "a 2"});
  ASSERT_TRUE(world.live(ToyJob()).has_value());
  EXPECT_TRUE(world.records("dlq").empty());
  EXPECT_EQ(world.values("sums"), (std::vector<std::string>{"a 0", "b 1", "a 2"}));
  EXPECT_LT(calls, 5 + 600 / 5 + 2);
  EXPECT_GT(calls, 50) << "it was tried again and again";
}

}  // namespace
}  // namespace lernd
