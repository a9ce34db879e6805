#include "app/vectors/outcome.h"

#include <gtest/gtest.h>

#include <functional>

namespace lernd {
namespace {

using nlohmann::json;

constexpr std::int64_t kNow = 1700000000000;

/// An outcome and the expectation that it fulfils.
struct Pair {
  VectorCase::Expected expected;
  VectorOutcome outcome;
};

Pair agreeing() {
  Pair pair;
  pair.outcome.tables["k.t"] = {
      .key = {"id"}, .sets = {"tags"}, .rows = {{{"id", "a"}, {"n", 1}, {"tags", {"x", "y"}}, {"at", timestamp_json(kNow)}}, {{"id", "b"}, {"m", {{"k", 2}}}}}};
  pair.outcome.redis[10] = {{"set", {"x", "y"}}, {"text", "t"}, {"hash", {{"f", "v"}}}};
  pair.outcome.search["i"] = {{"1", {{"mentors", {"a", "b"}}}}, {"2", json::object()}};
  pair.outcome.topics["out"] = {{{"e", 1}}, {{"e", 2}}};
  pair.outcome.calls = {{.method = "POST", .path = "/p", .query = "q=1", .body = R"({"a": {"b": 1, "c": 2}})"}};
  pair.outcome.metrics = {{"n", 2}};
  pair.outcome.failed = {1};

  pair.expected.tables = {
      {"k.t",
       {{{"id", "b"}, {"m", {{"k", 2}}}, {"n", nullptr}, {"tags", json::array()}}, {{"id", "a"}, {"n", 1.0}, {"tags", {"y", "x"}}, {"at", "$epoch_ms"}}}}};
  pair.expected.redis = {{10, {{"set", {"y", "x"}}, {"text", "t"}, {"hash", {{"f", "v"}}}}}};
  pair.expected.search = {{"i", {{"2", json::object()}, {"1", {{"mentors", {"a", "$any"}}}}}}};
  pair.expected.topics = {{"out", {{{"e", 1}}, {{"e", 2}}}}};
  pair.expected.http = {{VectorCase::Call{.method = "POST", .path = "//p", .query = "q=1", .body = json{{"a", {{"b", 1}}}}}}};
  pair.expected.metrics = {{"n", 2}, {"never", 0}};
  pair.expected.failed = {1};
  return pair;
}

Differences differences_after(const std::function<void(Pair&)>& change) {
  Pair pair = agreeing();
  change(pair);
  return compare_outcome(pair.expected, pair.outcome, Matcher(kNow));
}

TEST(OutcomeTest, WhatAgreesHasNoDifferences) {
  const auto differences = differences_after([](Pair&) {});
  EXPECT_TRUE(differences.empty()) << differences.front().place << ": " << differences.front().expected << " / " << differences.front().found;
}

TEST(OutcomeTest, EveryWayToDisagreeIsSeen) {
  struct Change {
    const char* what;
    std::function<void(Pair&)> change;
  };
  const Change changes[] = {
      {"a cell differs", [](Pair& p) { p.outcome.tables["k.t"].rows[0]["n"] = 2; }},
      {"a cell is missing", [](Pair& p) { p.outcome.tables["k.t"].rows[0].erase("n"); }},
      {"a cell too many", [](Pair& p) { p.outcome.tables["k.t"].rows[1]["n"] = 1; }},
      {"a member of a set", [](Pair& p) { p.outcome.tables["k.t"].rows[0]["tags"] = {"x"}; }},
      {"an entry of a map", [](Pair& p) { p.outcome.tables["k.t"].rows[1]["m"]["l"] = 1; }},
      {"a point in time", [](Pair& p) { p.outcome.tables["k.t"].rows[0]["at"] = timestamp_json(0); }},
      {"a row is missing", [](Pair& p) { p.outcome.tables["k.t"].rows.pop_back(); }},
      {"a row too many", [](Pair& p) { p.outcome.tables["k.t"].rows.push_back({{"id", "c"}}); }},
      {"a key column", [](Pair& p) { p.outcome.tables["k.t"].rows[0]["id"] = "z"; }},
      {"a cache member", [](Pair& p) { p.outcome.redis[10]["set"] = {"x"}; }},
      {"a cache text", [](Pair& p) { p.outcome.redis[10]["text"] = "u"; }},
      {"a cache field", [](Pair& p) { p.outcome.redis[10]["hash"]["f"] = "w"; }},
      {"another kind of cache value", [](Pair& p) { p.outcome.redis[10]["text"] = {"t"}; }},
      {"a cache key is missing", [](Pair& p) { p.outcome.redis[10].erase("set"); }},
      {"a cache key too many", [](Pair& p) { p.outcome.redis[10]["more"] = "t"; }},
      {"a field of a document", [](Pair& p) { p.outcome.search["i"]["1"]["mentors"] = {"b", "a"}; }},
      {"a field too many", [](Pair& p) { p.outcome.search["i"]["2"]["more"] = 1; }},
      {"a document is missing", [](Pair& p) { p.outcome.search["i"].erase("2"); }},
      {"a document too many", [](Pair& p) { p.outcome.search["i"]["3"] = json::object(); }},
      {"an event differs", [](Pair& p) { p.outcome.topics["out"][0]["e"] = 3; }},
      {"an event is missing", [](Pair& p) { p.outcome.topics["out"].pop_back(); }},
      {"an event too many", [](Pair& p) { p.outcome.topics["out"].push_back({{"e", 3}}); }},
      {"events in another order", [](Pair& p) { std::swap(p.outcome.topics["out"][0], p.outcome.topics["out"][1]); }},
      {"a call with another method", [](Pair& p) { p.outcome.calls[0].method = "GET"; }},
      {"a call with another path", [](Pair& p) { p.outcome.calls[0].path = "/q"; }},
      {"a call with another query", [](Pair& p) { p.outcome.calls[0].query = "q=2"; }},
      {"a call with another body", [](Pair& p) { p.outcome.calls[0].body = R"({"a": {"b": 2}})"; }},
      {"a call with a body that is not JSON", [](Pair& p) { p.outcome.calls[0].body = "b"; }},
      {"no call", [](Pair& p) { p.outcome.calls.clear(); }},
      {"a call too many", [](Pair& p) { p.outcome.calls.push_back({.method = "GET", .path = "/more"}); }},
      {"a counter differs", [](Pair& p) { p.outcome.metrics["n"] = 3; }},
      {"a counter is missing", [](Pair& p) { p.outcome.metrics.clear(); }},
      {"a counter that should be 0", [](Pair& p) { p.outcome.metrics["never"] = 1; }},
      {"no message failed", [](Pair& p) { p.outcome.failed.clear(); }},
      {"another message failed", [](Pair& p) { p.outcome.failed = {0}; }},
      {"one more message failed", [](Pair& p) { p.outcome.failed.insert(0); }},
  };
  for (const auto& change : changes) EXPECT_FALSE(differences_after(change.change).empty()) << change.what;
}

TEST(OutcomeTest, ADifferenceNamesTheRowByItsKey) {
  const auto differences = differences_after([](Pair& p) { p.outcome.tables["k.t"].rows[0]["n"] = 2; });
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_EQ(differences[0].place, "tables k.t (id=\"a\") n");
  EXPECT_EQ(differences[0].expected, "1.0");
  EXPECT_EQ(differences[0].found, "2");
}

TEST(OutcomeTest, SectionsThatAreLeftOutAreNotLookedAt) {
  const auto differences = differences_after([](Pair& p) {
    p.expected = {};
    p.outcome.failed.clear();
  });
  EXPECT_TRUE(differences.empty());
}

}  // namespace
}  // namespace lernd
