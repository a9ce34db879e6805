#include "runtime/asker.h"

#include <gtest/gtest.h>

#include <deque>

#include "adapters/embedded/database.h"
#include "adapters/embedded/embedded_cache.h"
#include "adapters/embedded/embedded_table_store.h"
#include "support/manual_clock.h"

namespace lernd {
namespace {

using namespace std::chrono_literals;

/// Gives the answers it was given, one a call, and counts the calls.
class ScriptedService final : public HttpClient {
 public:
  std::vector<Result<HttpAnswer>> call(std::span<const HttpQuery> queries) override {
    std::vector<Result<HttpAnswer>> given;
    for (std::size_t i = 0; i < queries.size(); ++i) {
      ++calls;
      given.push_back(answers.at(0));
      answers.pop_front();
    }
    return given;
  }

  std::deque<Result<HttpAnswer>> answers;
  int calls = 0;
};

HttpAnswer good(std::string body) { return {.status = 200, .body = std::move(body)}; }
HttpAnswer empty() { return {.status = 200, .body = ""}; }
HttpAnswer broken() { return {.status = 500, .body = "broken"}; }
Result<HttpAnswer> away(Treatment treatment = Treatment::retry) { return fail(treatment, ErrorCode::unavailable, "away"); }

HttpQuery query(bool stands_in) {
  HttpQuery query{.service = "s", .method = "GET", .url = "http://s/1"};
  query.remember = 1h;
  query.worth_keeping = [](const HttpAnswer& answer) { return answer.status == 200 && !answer.body.empty(); };
  if (stands_in) query.failure = [](const HttpAnswer& answer) { return answer.status != 200; };
  return query;
}

class Asking : public testing::Test {
 protected:
  /// The body of the answer; `error` when there is none.
  std::string ask(const HttpQuery& query) {
    Facts facts;
    Ask ask;
    EXPECT_EQ(facts.http(query, ask), nullptr);
    const Unanswered unanswered = asker_.answer(ask, facts);
    if (unanswered.find(ask) != nullptr) return "error";
    return facts.http(query, ask)->body;
  }

  ScriptedService service_;
  ManualClock clock_;

 private:
  std::shared_ptr<EmbeddedDatabase> database_ = *EmbeddedDatabase::open(":memory:");
  std::unique_ptr<TableStore> tables_ = make_embedded_table_store(database_);
  std::unique_ptr<Cache> cache_ = make_embedded_cache(database_);
  Asker asker_{{*tables_, *cache_, service_, nullptr, clock_}, 1ms};
};

TEST_F(Asking, AnAnswerIsRememberedForItsTime) {
  service_.answers = {good("first"), good("second")};
  EXPECT_EQ(ask(query(false)), "first");
  clock_.sleep(59min);
  EXPECT_EQ(ask(query(false)), "first");
  EXPECT_EQ(service_.calls, 1);
  clock_.sleep(2min);
  EXPECT_EQ(ask(query(false)), "second");
}

TEST_F(Asking, WhatIsNotWorthKeepingIsAskedAgain) {
  service_.answers = {empty(), broken(), away(), good("at last")};
  EXPECT_EQ(ask(query(true)), "");
  EXPECT_EQ(ask(query(true)), "broken");
  EXPECT_EQ(ask(query(true)), "error");
  EXPECT_EQ(ask(query(true)), "at last");
}

TEST_F(Asking, AKeptAnswerStandsInForAServiceThatFails) {
  service_.answers = {good("kept"), away(), broken(), away(Treatment::reject), good("new")};
  EXPECT_EQ(ask(query(true)), "kept");
  for (int failures = 0; failures < 3; ++failures) {
    clock_.sleep(24h);
    EXPECT_EQ(ask(query(true)), "kept");
  }
  EXPECT_EQ(service_.calls, 4);
  clock_.sleep(29s);
  EXPECT_EQ(ask(query(true)), "kept");
  EXPECT_EQ(service_.calls, 4) << "a service that is away is not asked for every batch";
  clock_.sleep(2s);
  EXPECT_EQ(ask(query(true)), "new");
}

TEST_F(Asking, NoKeptAnswerStandsInForOneThatIsNoFailure) {
  service_.answers = {good("kept"), empty(), away(), good("new")};
  EXPECT_EQ(ask(query(true)), "kept");
  clock_.sleep(2h);
  EXPECT_EQ(ask(query(true)), "") << "nothing is there any more";
}

TEST_F(Asking, AFaultOfTheConfigurationIsNotHidden) {
  service_.answers = {good("kept"), away(Treatment::fatal)};
  EXPECT_EQ(ask(query(true)), "kept");
  clock_.sleep(2h);
  EXPECT_EQ(ask(query(true)), "error");
}

TEST_F(Asking, WithoutATestForFailuresNothingStandsIn) {
  service_.answers = {good("kept"), away(), broken()};
  EXPECT_EQ(ask(query(false)), "kept");
  clock_.sleep(2h);
  EXPECT_EQ(ask(query(false)), "error");
  EXPECT_EQ(ask(query(false)), "broken");
}

}  // namespace
}  // namespace lernd
