#include "core/facts.h"

#include <gtest/gtest.h>

#include <string>
#include <unordered_set>

namespace lernd {
namespace {

RowsQuery rows_of(std::string learner) { return {{"k", "t"}, {"status"}, {{"userid", std::move(learner)}}}; }
CacheQuery set_of(std::string key, int attempt = 0) { return {{"redis", 10}, CacheKind::set, std::move(key), attempt}; }
HttpQuery call(std::string body) { return {.service = "search", .method = "POST", .url = "http://search/v3/search", .headers = {}, .body = std::move(body)}; }
CacheValue members(std::vector<std::string> members) { return {.text = {}, .members = std::move(members), .fields = {}}; }

TEST(Facts, WhatIsKnownIsReturnedAndNotAskedFor) {
  Facts facts;
  Rows one({"status"});
  one.add({2});
  facts.put(rows_of("u1"), one);
  facts.put(set_of("leaf"), members({"c1"}));
  facts.put(call("{}"), HttpAnswer{200, "ok"});
  Ask ask;
  EXPECT_EQ(*facts.rows(rows_of("u1"), ask), one);
  EXPECT_EQ(*facts.cache(set_of("leaf"), ask), members({"c1"}));
  EXPECT_EQ(*facts.http(call("{}"), ask), (HttpAnswer{200, "ok"}));
  EXPECT_FALSE(ask.pending());
  EXPECT_TRUE(facts.has(rows_of("u1")) && facts.has(set_of("leaf")) && facts.has(call("{}")));
}

TEST(Facts, WhatIsNotKnownIsAskedFor) {
  const Facts facts;
  Ask ask;
  EXPECT_EQ(facts.rows(rows_of("u1"), ask), nullptr);
  EXPECT_EQ(facts.cache(set_of("leaf"), ask), nullptr);
  EXPECT_EQ(facts.cache(set_of("other"), ask), nullptr);
  EXPECT_EQ(facts.http(call("{}"), ask), nullptr);
  EXPECT_EQ(ask, (Ask{{rows_of("u1")}, {set_of("leaf"), set_of("other")}, {call("{}")}}));
  EXPECT_TRUE(ask.pending());
  EXPECT_FALSE(facts.has(rows_of("u1")) || facts.has(set_of("leaf")) || facts.has(call("{}")));
}

TEST(Facts, AMissingKeyOrRowIsAnAnswer) {
  Facts facts;
  facts.put(rows_of("u1"), Rows({"status"}));
  facts.put(set_of("leaf"), CacheValue{});
  Ask ask;
  ASSERT_NE(facts.rows(rows_of("u1"), ask), nullptr);
  EXPECT_TRUE(facts.rows(rows_of("u1"), ask)->empty());
  ASSERT_NE(facts.cache(set_of("leaf"), ask), nullptr);
  EXPECT_TRUE(facts.cache(set_of("leaf"), ask)->missing());
  EXPECT_FALSE(ask.pending());
}

TEST(Facts, PointersStayValidAsMoreBecomesKnown) {
  Facts facts;
  Ask ask;
  facts.put(set_of("first"), members({"c1"}));
  const CacheValue* first = facts.cache(set_of("first"), ask);
  for (int i = 0; i < 10'000; ++i) facts.put(set_of(std::to_string(i)), members({"x"}));
  EXPECT_EQ(facts.cache(set_of("first"), ask), first);
  EXPECT_EQ(*first, members({"c1"}));
}

TEST(Facts, TheLatestAnswerCounts) {
  Facts facts;
  Ask ask;
  facts.put(set_of("leaf"), members({"old"}));
  facts.put(set_of("leaf"), members({"new"}));
  EXPECT_EQ(*facts.cache(set_of("leaf"), ask), members({"new"}));
}

TEST(Queries, EveryPartTellsThemApart) {
  const CacheQuery query = set_of("k");
  for (const CacheQuery& other : {CacheQuery{{"redis-meta", 10}, CacheKind::set, "k"}, CacheQuery{{"redis", 11}, CacheKind::set, "k"},
                                  CacheQuery{{"redis", 10}, CacheKind::hash, "k"}, set_of("k2"), set_of("k", 1)}) {
    EXPECT_NE(query, other);
  }
  const RowsQuery rows = rows_of("u1");
  for (const RowsQuery& other :
       {RowsQuery{{"other", "t"}, {"status"}, rows.key}, RowsQuery{{"k", "other"}, {"status"}, rows.key}, RowsQuery{{"k", "t"}, {}, rows.key}, rows_of("u2"),
        RowsQuery{{"k", "t"}, {"status"}, {{"courseid", "u1"}}}, RowsQuery{{"k", "t"}, {"status"}, {}}}) {
    EXPECT_NE(rows, other);
  }
}

TEST(Queries, HttpCallsAreOneByMethodUrlHeadersAndBody) {
  const HttpQuery query = call("{}");
  HttpQuery same = query;
  same.service = "other";
  same.remember = std::chrono::seconds(5);
  EXPECT_EQ(query, same);
  EXPECT_EQ(hash_of(query), hash_of(same));
  HttpQuery other = query;
  other.method = "PUT";
  EXPECT_NE(query, other);
  other = query;
  other.headers = {{"Accept", "*"}};
  EXPECT_NE(query, other);
  EXPECT_NE(query, call("[]"));
}

TEST(Queries, EqualOnesHaveEqualHashes) {
  EXPECT_EQ(hash_of(rows_of("u1")), hash_of(rows_of("u1")));
  EXPECT_EQ(hash_of(set_of("k", 1)), hash_of(set_of("k", 1)));
  std::unordered_set<std::size_t> hashes;
  for (int i = 0; i < 1000; ++i) hashes.insert(hash_of(set_of("do_1:do_" + std::to_string(i) + ":leafnodes")));
  EXPECT_GT(hashes.size(), 990u);
}

TEST(Ask, IsPendingWhenAnythingIsAskedFor) {
  EXPECT_FALSE(Ask().pending());
  EXPECT_TRUE((Ask{{rows_of("u")}, {}, {}}).pending());
  EXPECT_TRUE((Ask{{}, {set_of("k")}, {}}).pending());
  EXPECT_TRUE((Ask{{}, {}, {call("")}}).pending());
}

TEST(CacheValue, IsMissingWhenItHoldsNothing) {
  EXPECT_TRUE(CacheValue().missing());
  EXPECT_FALSE((CacheValue{.text = "", .members = {}, .fields = {}}).missing()) << "an empty text is there";
  EXPECT_FALSE(members({"a"}).missing());
  EXPECT_FALSE((CacheValue{.text = {}, .members = {}, .fields = {{"a", "b"}}}).missing());
}

}  // namespace
}  // namespace lernd
