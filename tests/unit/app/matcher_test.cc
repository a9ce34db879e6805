#include "app/vectors/matcher.h"

#include <gtest/gtest.h>

#include <tuple>

namespace lernd {
namespace {

using nlohmann::json;

constexpr std::int64_t kNow = 1700000000000;
constexpr std::int64_t kMinute = 60000;

bool matches(const json& expected, const json& found) { return Matcher(kNow).matches(expected, found); }

TEST(MatcherTest, ValuesCompareByValue) {
  EXPECT_TRUE(matches(1, 1.0));
  EXPECT_TRUE(matches("a", "a"));
  EXPECT_TRUE(matches(nullptr, nullptr));
  EXPECT_FALSE(matches(1, 2));
  EXPECT_FALSE(matches(1, "1"));
  EXPECT_FALSE(matches("1", 1));
  EXPECT_FALSE(matches("é", "é "));
  EXPECT_FALSE(matches(true, 1));
  EXPECT_FALSE(matches(json::array(), nullptr));
}

TEST(MatcherTest, AnyIsAnythingButNull) {
  EXPECT_TRUE(matches("$any", 0));
  EXPECT_TRUE(matches("$any", ""));
  EXPECT_FALSE(matches("$any", nullptr));
}

TEST(MatcherTest, EpochIsAnIntegerNearNow) {
  EXPECT_TRUE(matches("$epoch_ms", kNow));
  EXPECT_TRUE(matches("$epoch_ms", kNow + 9 * kMinute));
  EXPECT_FALSE(matches("$epoch_ms", kNow + 11 * kMinute));
  EXPECT_FALSE(matches("$epoch_ms", kNow - 11 * kMinute));
  EXPECT_FALSE(matches("$epoch_ms", kNow / 1000));
  EXPECT_FALSE(matches("$epoch_ms", static_cast<double>(kNow)));
  EXPECT_FALSE(matches("$epoch_ms", std::to_string(kNow)));
  EXPECT_FALSE(matches("$epoch_ms", nullptr));
}

TEST(MatcherTest, TimestampsAreTheirOwnKind) {
  EXPECT_TRUE(matches("$epoch_ms", timestamp_json(kNow)));
  EXPECT_FALSE(matches("$epoch_ms", timestamp_json(0)));
  EXPECT_TRUE(matches("2023-11-14T22:13:20.000Z", timestamp_json(kNow)));
  EXPECT_FALSE(matches("2023-11-14T22:13:20.001Z", timestamp_json(kNow)));
  EXPECT_FALSE(matches("2023-11-14", timestamp_json(kNow)));
  EXPECT_FALSE(matches(kNow, timestamp_json(kNow)));
  EXPECT_FALSE(matches("$epoch_ms", "2023-11-14T22:13:20.000Z"));
}

TEST(MatcherTest, UuidIsTheCanonicalForm) {
  EXPECT_TRUE(matches("$uuid", "0123abcd-0123-4abc-8def-0123456789ab"));
  EXPECT_FALSE(matches("$uuid", "0123abcd01234abc8def0123456789ab"));
  EXPECT_FALSE(matches("$uuid", "0123ABCD-0123-4abc-8def-0123456789ab "));
  EXPECT_FALSE(matches("$uuid", 1));
}

TEST(MatcherTest, MatchersStandInsideLongerTexts) {
  EXPECT_TRUE(matches("LP.$epoch_ms.$uuid", "LP.1700000000000.0123abcd-0123-4abc-8def-0123456789ab"));
  EXPECT_FALSE(matches("LP.$epoch_ms.$uuid", "LP.1600000000000.0123abcd-0123-4abc-8def-0123456789ab"));
  EXPECT_FALSE(matches("LP.$epoch_ms.$uuid", "LPx1700000000000.0123abcd-0123-4abc-8def-0123456789ab"));
  EXPECT_FALSE(matches("LP.$uuid", "LP.nothing"));
  EXPECT_TRUE(matches("a+b(c).$uuid", "a+b(c).0123abcd-0123-4abc-8def-0123456789ab"));
}

TEST(MatcherTest, RegularExpressionsMatchAsAWhole) {
  EXPECT_TRUE(matches("$regex:a+", "aaa"));
  EXPECT_FALSE(matches("$regex:a+", "aab"));
  EXPECT_FALSE(matches("$regex:a+", 1));
}

TEST(MatcherTest, ObjectsAreExactUnlessSubsetsAreAskedFor) {
  EXPECT_FALSE(matches({{"a", 1}}, {{"a", 1}, {"b", 2}}));
  EXPECT_FALSE(matches({{"a", 1}, {"b", 2}}, {{"a", 1}}));
  EXPECT_FALSE(matches({{"a", nullptr}}, json::object()));
  Differences differences;
  Matcher(kNow).compare({{"a", {{"x", 1}}}}, {{"a", {{"x", 1}, {"y", 2}}}, {"b", 2}}, "", differences, Matcher::Objects::subset);
  EXPECT_TRUE(differences.empty());
  // Inside a list nothing is left out.
  Matcher(kNow).compare({{"a", {{{"x", 1}}}}}, {{"a", {{{"x", 1}, {"y", 2}}}}}, "", differences, Matcher::Objects::subset);
  EXPECT_EQ(differences.size(), 1u);
}

TEST(MatcherTest, ListsAreExactAndOrdered) {
  EXPECT_FALSE(matches({1, 2}, {2, 1}));
  EXPECT_FALSE(matches({1}, {1, 2}));
  EXPECT_FALSE(matches({1, 2}, {1}));
}

TEST(MatcherTest, DifferencesSayWhere) {
  Differences differences;
  Matcher(kNow).compare({{"edata", {{"ids", {"a", "b"}}, {"n", 1}}}}, {{"edata", {{"ids", {"a", "c"}}}}, {"more", true}}, "topics x [0] ", differences);
  const Differences expected{
      {"topics x [0] edata.ids[1]", "\"b\"", "\"c\""}, {"topics x [0] edata.n", "1", "nothing"}, {"topics x [0] more", "nothing", "true"}};
  EXPECT_EQ(differences, expected);
}

}  // namespace
}  // namespace lernd
