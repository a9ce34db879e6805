#include "jobs/course_progress/course_tree.h"

#include <gtest/gtest.h>

#include "unit/jobs/school.h"

namespace lernd::course_progress {
namespace {

const RelationCache kRelation = {.cache = {"redis", 10}, .optional_nodes = true};
const RelationCache kWithoutOptional = {.cache = {"redis", 10}, .optional_nodes = false};

CacheQuery set_of(std::string key, int attempt = 0) { return {{"redis", 10}, CacheKind::set, std::move(key), attempt}; }

Facts knowing(const std::map<std::string, Ids>& sets) {
  Facts facts;
  for (const auto& [key, members] : sets) facts.put(set_of(key), {.text = {}, .members = members, .fields = {}});
  return facts;
}

TEST(LeafSet, IsAskedForTogetherWithTheOptionalSet) {
  Ask ask;
  Counts counts;
  EXPECT_EQ(leaf_set("do_1", "m1", false, kRelation, Facts(), ask, counts), std::nullopt);
  EXPECT_EQ(ask.cache, (std::vector<CacheQuery>{set_of("do_1:m1:leafnodes"), set_of("do_1:m1:optionalnodes")}));
  EXPECT_EQ(counts, Counts()) << "counted once it is known";
}

TEST(LeafSet, LacksItsOptionalContents) {
  Ask ask;
  Counts counts;
  const auto set =
      leaf_set("do_1", "m1", false, kRelation, knowing({{"do_1:m1:leafnodes", {"a", "b", "c"}}, {"do_1:m1:optionalnodes", {"b", "x"}}}), ask, counts);
  ASSERT_TRUE(set);
  EXPECT_EQ(set->required, (IdSet{"a", "c"}));
  EXPECT_FALSE(set->missing);
  EXPECT_FALSE(ask.pending());
  EXPECT_EQ(counts_in(counts), (std::map<std::string, std::uint64_t>{{"cache-hit-count", 2}}));
}

TEST(LeafSet, WithoutOptionalNodesIsTheSetItself) {
  Ask ask;
  Counts counts;
  const auto set = leaf_set("do_1", "m1", false, kWithoutOptional, knowing({{"do_1:m1:leafnodes", {"a", "b"}}}), ask, counts);
  ASSERT_TRUE(set);
  EXPECT_EQ(set->required, (IdSet{"a", "b"}));
  EXPECT_FALSE(ask.pending());
}

TEST(LeafSet, OfNothingButOptionalContentsIsThereAndEmpty) {
  Ask ask;
  Counts counts;
  const auto set = leaf_set("do_1", "do_1", true, kRelation, knowing({{"do_1:do_1:leafnodes", {"a"}}, {"do_1:do_1:optionalnodes", {"a"}}}), ask, counts);
  ASSERT_TRUE(set);
  EXPECT_TRUE(set->required.empty());
  EXPECT_FALSE(set->missing);
}

TEST(LeafSet, AMissingOneIsReadOnceMoreWhenTold) {
  const auto facts = knowing({{"do_1:do_1:leafnodes", {}}, {"do_1:do_1:optionalnodes", {"a"}}});
  Ask ask;
  Counts counts;
  EXPECT_EQ(leaf_set("do_1", "do_1", true, kRelation, facts, ask, counts), std::nullopt);
  EXPECT_EQ(ask.cache, (std::vector<CacheQuery>{set_of("do_1:do_1:leafnodes", 1)}));

  Facts again = facts;
  again.put(set_of("do_1:do_1:leafnodes", 1), {.text = {}, .members = {"b"}, .fields = {}});
  const auto found = leaf_set("do_1", "do_1", true, kRelation, again, ask, counts);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->required, IdSet{"b"});
  EXPECT_EQ(counts_in(counts), (std::map<std::string, std::uint64_t>{{"cache-hit-count", 2}})) << "two reads are one look-up";
}

TEST(LeafSet, StillMissingOnTheSecondReadIsMissing) {
  Facts facts = knowing({{"do_1:do_1:leafnodes", {}}, {"do_1:do_1:optionalnodes", {"a"}}});
  facts.put(set_of("do_1:do_1:leafnodes", 1), {});
  Ask ask;
  Counts counts;
  const auto set = leaf_set("do_1", "do_1", true, kRelation, facts, ask, counts);
  ASSERT_TRUE(set);
  EXPECT_TRUE(set->missing);
  EXPECT_TRUE(set->required.empty());
  EXPECT_EQ(counts_in(counts), (std::map<std::string, std::uint64_t>{{"cache-hit-count", 1}, {"cache-miss-count", 1}})) << "no look-up of the optional set";
}

TEST(LeafSet, AUnitsMissingOneIsTakenAsItIs) {
  Ask ask;
  Counts counts;
  const auto set = leaf_set("do_1", "m1", false, kRelation, knowing({{"do_1:m1:leafnodes", {}}, {"do_1:m1:optionalnodes", {"a"}}}), ask, counts);
  ASSERT_TRUE(set);
  EXPECT_TRUE(set->missing);
  EXPECT_FALSE(ask.pending());
  EXPECT_EQ(counts_in(counts), (std::map<std::string, std::uint64_t>{{"cache-hit-count", 2}, {"cache-miss-count", 1}}));
}

TEST(UnitsAbove, AreAskedForAtOnce) {
  Ask ask;
  Counts counts;
  EXPECT_EQ(units_above("do_1", {"c1", "c2", "c3"}, kRelation, knowing({{"do_1:c2:ancestors", {"m1"}}}), ask, counts), std::nullopt);
  EXPECT_EQ(ask.cache, (std::vector<CacheQuery>{set_of("do_1:c1:ancestors"), set_of("do_1:c3:ancestors")}));
  EXPECT_EQ(counts, Counts());
}

TEST(UnitsAbove, AreThoseOfAllContentsWithoutTheCourse) {
  Ask ask;
  Counts counts;
  const auto facts = knowing({{"do_1:c1:ancestors", {"do_1", "m2"}}, {"do_1:c2:ancestors", {"m1", "m2"}}, {"do_1:c3:ancestors", {}}});
  const auto units = units_above("do_1", {"c3", "c1", "c2"}, kRelation, facts, ask, counts);
  EXPECT_EQ(units, (IdSet{"m1", "m2"})) << "sorted, each once";
  EXPECT_EQ(counts_in(counts), (std::map<std::string, std::uint64_t>{{"cache-hit-count", 3}, {"cache-miss-count", 1}}));
}

TEST(UnitsAbove, OfNoContentAreNone) {
  Ask ask;
  Counts counts;
  EXPECT_EQ(units_above("do_1", {}, kRelation, Facts(), ask, counts), IdSet());
  EXPECT_FALSE(ask.pending());
}

TEST(CountCommon, CountsWhatIsInBoth) {
  EXPECT_EQ(count_common({"a", "b", "c"}, {"c", "x", "a"}), 2u);
  EXPECT_EQ(count_common({"a"}, {"A", "aa", ""}), 0u) << "compared as exact strings";
  EXPECT_EQ(count_common({}, {"a"}), 0u);
  EXPECT_EQ(count_common({"a"}, {}), 0u);
}

}  // namespace
}  // namespace lernd::course_progress
