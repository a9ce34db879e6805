#include "core/plan.h"

#include <gtest/gtest.h>

#include <string>

namespace lernd {
namespace {

std::vector<RowWrite> rows(int count) {
  std::vector<RowWrite> rows;
  for (int i = 0; i < count; ++i) rows.push_back({.table = {"k", "t"}, .key = {{"id", i}}, .set = {}});
  return rows;
}

/// The ids of the rows of one stage, group by group.
std::string layout(const WriteStage& stage) {
  std::string text;
  for (const WriteGroup& group : stage) {
    text += "[";
    for (const RowWrite& row : std::get<RowGroup>(group)) text += std::to_string(*row.key.front().value.integer());
    text += "]";
  }
  return text;
}

TEST(AppendStage, CutsRowsInOrderIntoGroupsOfOneStage) {
  for (const auto& [count, group_rows, expected] : std::vector<std::tuple<int, std::size_t, std::string>>{
           {1, 1, "[0]"}, {1, 10, "[0]"}, {3, 1, "[0][1][2]"}, {4, 2, "[01][23]"}, {5, 2, "[01][23][4]"}, {5, 5, "[01234]"}, {5, 4, "[0123][4]"}}) {
    Plan plan;
    const auto groups = append_stage(plan, rows(count), group_rows);
    ASSERT_EQ(plan.stages.size(), 1u);
    EXPECT_EQ(layout(plan.stages[0]), expected);
    EXPECT_EQ(groups, plan.stages[0].size());
  }
}

TEST(AppendStage, GroupsEndBeforeTheyAreTooLarge) {
  const auto sized = [](std::initializer_list<std::size_t> sizes) {
    std::vector<RowWrite> all = rows(static_cast<int>(sizes.size()));
    for (std::size_t i = 0; i < sizes.size(); ++i) all[i].set = {{"text", std::string(std::data(sizes)[i], 'x')}};
    return all;
  };
  for (const auto& [sizes, expected] : std::vector<std::pair<std::vector<RowWrite>, std::string>>{{sized({10, 10, 10, 10, 10}), "[012][34]"},
                                                                                                  {sized({900, 900, 10}), "[0][12]"},
                                                                                                  {sized({5000, 10, 5000, 5000}), "[0][1][2][3]"},
                                                                                                  {sized({10, 5000}), "[0][1]"}}) {
    Plan plan;
    append_stage(plan, sizes, 3, 1000);
    ASSERT_EQ(plan.stages.size(), 1u);
    EXPECT_EQ(layout(plan.stages[0]), expected);
  }
  Plan plan;
  EXPECT_EQ(append_stage(plan, std::vector<RowWrite>(), 3, 1000), 0u);
  EXPECT_FALSE(plan.writes());
}

TEST(AppendStage, CutsCacheKeysTheSameWay) {
  std::vector<CacheWrite> keys;
  for (const auto* key : {"a", "b", "c"}) keys.push_back({.cache = {"redis", 10}, .key = key});
  Plan plan;
  EXPECT_EQ(append_stage(plan, keys, 2), 2u);
  ASSERT_EQ(plan.stages.size(), 1u);
  EXPECT_EQ(plan.stages[0], (WriteStage{CacheGroup{keys[0], keys[1]}, CacheGroup{keys[2]}}));
}

TEST(AppendStage, NoRowsAreNoStage) {
  Plan plan;
  EXPECT_EQ(append_stage(plan, std::vector<RowWrite>(), 10), 0u);
  EXPECT_FALSE(plan.writes());
  EXPECT_EQ(plan, Plan());
}

TEST(AppendStage, EachCallIsAStageOfItsOwn) {
  Plan plan;
  append_stage(plan, rows(2), 10);
  append_stage(plan, rows(1), 10);
  ASSERT_EQ(plan.stages.size(), 2u);
  EXPECT_EQ(layout(plan.stages[0]), "[01]");
  EXPECT_EQ(layout(plan.stages[1]), "[0]");
  EXPECT_TRUE(plan.writes());
}

TEST(Counts, AddUpByName) {
  Counts counts;
  counts.add("reads");
  counts.add("writes", 3);
  counts.add("reads", 2);
  EXPECT_EQ(counts["reads"], 3u);
  EXPECT_EQ(counts["writes"], 3u);
  EXPECT_EQ(counts["other"], 0u);
}

TEST(Counts, AreTheSameInWhateverOrderTheyWereAdded) {
  Counts one;
  one.add("a");
  one.add("b", 2);
  Counts other;
  other.add("b");
  other.add("a");
  other.add("b");
  EXPECT_EQ(one, other);
  ASSERT_EQ(other.all().size(), 2u);
  EXPECT_EQ(other.all()[0].first, "a");
}

TEST(Counts, NothingAddedIsNothingCounted) {
  Counts counts;
  counts.add("a", 0);
  EXPECT_EQ(counts, Counts());
}

TEST(Counts, TakeInOthers) {
  Counts counts;
  counts.add("a");
  Counts more;
  more.add("b", 4);
  more.add("a", 2);
  counts.add(more);
  EXPECT_EQ(counts["a"], 3u);
  EXPECT_EQ(counts["b"], 4u);
}

TEST(Plan, IsComparedAsAWhole) {
  Plan plan;
  EXPECT_EQ(plan, Plan());
  plan.counts.add("a");
  EXPECT_NE(plan, Plan());
  plan = {};
  plan.outputs.push_back({.topic = "t", .key = {}, .value = {}, .headers = {}});
  EXPECT_NE(plan, Plan());
  EXPECT_FALSE(plan.writes()) << "a record is no write";
}

}  // namespace
}  // namespace lernd
