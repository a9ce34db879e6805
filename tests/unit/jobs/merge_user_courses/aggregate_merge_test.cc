#include "jobs/merge_user_courses/aggregate_merge.h"

#include <gtest/gtest.h>

#include "unit/jobs/merge_user_courses/merging.h"

namespace lernd::merge_user_courses {
namespace {

const TableName kTable{"sunbird_courses", "user_activity_agg"};
constexpr Timestamp kNow{100};

/// The columns written, each with its mode; the key is checked.
using Written = std::map<std::string, std::pair<Value, Assignment::Mode>>;
constexpr auto kMerge = Assignment::Mode::merge;
constexpr auto kReplace = Assignment::Mode::replace;

Written merge_columns(const Row& source, const std::vector<Row>& target) {
  const auto writes = merge_aggregates(kTable, rows_of({aggregate("s", "c", "b", source)}), rows_of(target), "t", kNow);
  EXPECT_EQ(writes.size(), 1u);
  EXPECT_EQ(writes[0].table, kTable);
  EXPECT_EQ(writes[0].key, (std::vector<Cell>{{"activity_type", "Course"}, {"activity_id", "c"}, {"user_id", "t"}, {"context_id", "cb:b"}}));
  Written written;
  for (const Assignment& one : writes[0].set) written[one.column] = {one.value, one.mode};
  return written;
}

TEST(AggregateMerge, CopiesARowTheTargetLacks) {
  const auto written = merge_columns({{"aggregates", map_of({{"completedCount", 3.0}, {"score:q", 1.0}})},
                                      {"agg_last_updated", map_of({{"completedCount", Timestamp{1}}, {"score:q", Timestamp{2}}})},
                                      {"agg", map_of({{"completedCount", 3}})},
                                      {"agg_details", list_of({"a", "b"})},
                                      {"later", "s"}},
                                     {});
  EXPECT_EQ(written, (Written{{"aggregates", {map_of({{"completedCount", 3.0}, {"score:q", 1.0}}), kMerge}},
                              {"agg_last_updated", {map_of({{"completedCount", kNow}, {"score:q", Timestamp{2}}}), kMerge}},
                              {"agg", {map_of({{"completedCount", 3}}), kMerge}},
                              {"agg_details", {list_of({"a", "b"}), kReplace}},
                              {"later", {"s", kReplace}}}));
}

TEST(AggregateMerge, TakesTheLargerOfEachKeyAndWritesOnlyWhatChanges) {
  const auto written =
      merge_columns({{"aggregates", map_of({{"completedCount", 3.0}, {"score:p", 5.0}, {"score:q", 1.0}})},
                     {"agg_last_updated", map_of({{"score:p", Timestamp{9}}, {"score:q", Timestamp{1}}})},
                     {"agg", map_of({{"completedCount", 9}, {"old", 1}})},
                     {"agg_details", list_of({"a", "b", "b"})},
                     {"later", "s"}},
                    {aggregate("t", "c", "b",
                               {{"aggregates", map_of({{"completedCount", 7.0}, {"score:p", 4.0}, {"score:r", 2.0}})},
                                {"agg_last_updated", map_of({{"completedCount", Timestamp{50}}, {"score:p", Timestamp{8}}, {"score:q", Timestamp{3}}})},
                                {"agg", map_of({{"completedCount", 7}})},
                                {"agg_details", list_of({"c", "a"})},
                                {"later", "t"}})});
  EXPECT_EQ(written, (Written{{"aggregates", {map_of({{"score:p", 5.0}, {"score:q", 1.0}}), kMerge}},
                              {"agg_last_updated", {map_of({{"completedCount", kNow}, {"score:p", Timestamp{9}}}), kMerge}},
                              {"agg", {map_of({{"completedCount", 9}, {"old", 1}}), kMerge}},
                              {"agg_details", {list_of({"c", "a", "b", "b"}), kReplace}}}));
}

TEST(AggregateMerge, AMissingCompletedCountIsNought) {
  EXPECT_EQ(merge_columns({{"aggregates", Value()}, {"agg_last_updated", Value()}, {"agg", Value()}}, {}),
            (Written{{"aggregates", {map_of({{"completedCount", 0.0}}), kMerge}}, {"agg_last_updated", {map_of({{"completedCount", kNow}}), kMerge}}}));
  EXPECT_EQ(merge_columns({{"aggregates", map_of({{"score:q", 1.0}})}}, {aggregate("t", "c", "b", {{"aggregates", map_of({{"completedCount", 2.0}})}})}),
            (Written{{"aggregates", {map_of({{"score:q", 1.0}}), kMerge}}}));
}

TEST(AggregateMerge, TheTimeIsWrittenEvenIfNothingElseChanges) {
  const Row same{
      {"aggregates", map_of({{"completedCount", 2.0}})}, {"agg_last_updated", map_of({{"completedCount", Timestamp{1}}})}, {"agg_details", list_of({"a"})}};
  EXPECT_EQ(merge_columns(same, {aggregate("t", "c", "b", same)}), (Written{{"agg_last_updated", {map_of({{"completedCount", kNow}}), kMerge}}}));
}

TEST(AggregateMerge, ContextsAreKeptApart) {
  const auto written =
      merge_columns({{"aggregates", map_of({{"completedCount", 1.0}})}}, {aggregate("t", "c", "other", {{"aggregates", map_of({{"completedCount", 9.0}})}})});
  EXPECT_EQ(written, (Written{{"aggregates", {map_of({{"completedCount", 1.0}}), kMerge}}}));
}

TEST(AggregateMerge, OfATableWithoutTheLaterColumns) {
  EXPECT_EQ(merge_columns({{"agg", map_of({{"completedCount", 1}})}, {"agg_last_updated", Value()}}, {}),
            (Written{{"agg", {map_of({{"completedCount", 1}}), kMerge}}, {"agg_last_updated", {map_of({{"completedCount", kNow}}), kMerge}}}));
}

}  // namespace
}  // namespace lernd::merge_user_courses
