#include "jobs/merge_user_courses/content_merge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>

#include "unit/jobs/merge_user_courses/merging.h"

namespace lernd::merge_user_courses {
namespace {

const TableName kTable{"sunbird_courses", "user_content_consumption"};
const DateFormat kDates = *DateFormat::compile("yyyy-MM-dd HH:mm:ss:SSSZ");

ContentMerge merge_rows(const std::vector<Row>& source, const std::vector<Row>& target, const Claims& claimed = {}) {
  return merge_contents(kTable, rows_of(source), rows_of(target), "t", claimed, kDates);
}

std::vector<Row> written(const ContentMerge& merge) {
  std::vector<Row> rows;
  for (const RowWrite& write : merge.writes) {
    EXPECT_EQ(write.table, kTable);
    rows.push_back(row_of(write));
  }
  return rows;
}

TEST(ContentMerge, CopiesWhatTheTargetLacksWithEveryColumn) {
  const Row columns{{"status", 2}, {"viewcount", 3}, {"newcolumn", "kept"}, {"bytes", ValueBytes{"\x01"}}, {"tags", list_of({"a"})}, {"nothing", Value()}};
  Row expected = columns;
  expected.erase("nothing");
  const auto merge = merge_rows({content("s", "c", "x", columns), content("s", "c", "y")}, {});
  EXPECT_EQ(written(merge), (std::vector<Row>{content("t", "c", "x", expected), content("t", "c", "y")}));
  for (const RowWrite& write : merge.writes) EXPECT_EQ(write.kind, RowWrite::Kind::insert) << "a row without columns must exist too";
  EXPECT_EQ(merge.claims.copied, (std::set<ContentKey>{{"c", "b1", "x"}, {"c", "b1", "y"}}));
}

TEST(ContentMerge, MergesEachColumnByItsRule) {
  const Row source{{"status", 2},
                   {"progress", 10},
                   {"viewcount", 3},
                   {"completedcount", 1},
                   {"datetime", Timestamp{5}},
                   {"last_access_time", Timestamp{5}},
                   {"last_completed_time", Timestamp{7}},
                   {"last_updated_time", Timestamp{1}},
                   {"lastaccesstime", "2022-02-01 00:00:00:000+0000"},
                   {"lastcompletedtime", "2021-01-01 00:00:00:000+0000"},
                   {"lastupdatedtime", "x"},
                   {"completionpercentage", 10.0},
                   {"progressdetails", "s"}};
  const Row target{{"status", 1},
                   {"progress", 40},
                   {"viewcount", 2},
                   {"completedcount", 0},
                   {"datetime", Timestamp{4}},
                   {"last_access_time", Timestamp{6}},
                   {"last_completed_time", Timestamp{6}},
                   {"last_updated_time", Timestamp{2}},
                   {"lastaccesstime", "2022-01-01 00:00:00:000+0000"},
                   {"lastcompletedtime", "2022-01-01 00:00:00:000+0000"},
                   {"lastupdatedtime", "y"},
                   {"completionpercentage", 40.0},
                   {"progressdetails", Value()}};
  const auto merge = merge_rows({content("s", "c", "x", source)}, {content("t", "c", "x", target)});
  EXPECT_EQ(written(merge), (std::vector<Row>{content("t", "c", "x",
                                                      {{"status", 2},
                                                       {"viewcount", 5},
                                                       {"completedcount", 1},
                                                       {"datetime", Timestamp{5}},
                                                       {"last_completed_time", Timestamp{7}},
                                                       {"lastaccesstime", "2022-02-01 00:00:00:000+0000"},
                                                       {"progressdetails", "s"}})}))
      << "only what changes";
  EXPECT_EQ(merge.writes[0].kind, RowWrite::Kind::update);
  EXPECT_EQ(merge.claims.counted, (std::map<ContentKey, Counted>{{{"c", "b1", "x"}, {2, 0}}}));
  EXPECT_EQ(merge.unreadable_dates, 1u);
}

TEST(ContentMerge, WritesNothingWhereNothingChanges) {
  const auto merge =
      merge_rows({content("s", "c", "x", {{"status", 1}, {"progressdetails", "s"}})},
                 {content("t", "c", "x", {{"status", 1}, {"viewcount", 4}, {"progressdetails", "t"}}), content("t", "c", "y", {{"viewcount", 1}})});
  EXPECT_TRUE(merge.writes.empty());
  EXPECT_TRUE(merge.claims.empty());
}

TEST(ContentMerge, NeedsNoColumnButTheKey) {
  const auto merge = merge_rows({content("s", "c", "x", {{"status", 2}})}, {content("t", "c", "x", {{"status", 0}})});
  EXPECT_EQ(written(merge), (std::vector<Row>{content("t", "c", "x", {{"status", 2}})})) << "columns the table has not are left out";
}

TEST(ContentMerge, KeepsBatchesApart) {
  Row other_batch = content("t", "c", "x", {{"viewcount", 1}});
  other_batch["batchid"] = "b2";
  const auto merge = merge_rows({content("s", "c", "x", {{"viewcount", 1}})}, {other_batch});
  EXPECT_EQ(merge.claims.copied.size(), 1u);
}

TEST(ContentMerge, PrefersTheExactMatchThenTheLastOfAnyCase) {
  const std::vector<Row> target{content("t", "C", "X", {{"viewcount", 10}}), content("t", "C", "x", {{"viewcount", 20}}),
                                content("t", "c", "X", {{"viewcount", 30}})};
  EXPECT_EQ(written(merge_rows({content("s", "C", "x", {{"viewcount", 1}})}, target)), (std::vector<Row>{content("t", "C", "x", {{"viewcount", 21}})}));
  EXPECT_EQ(written(merge_rows({content("s", "c", "x", {{"viewcount", 1}})}, target)), (std::vector<Row>{content("t", "c", "X", {{"viewcount", 31}})}))
      << "written to the target's key";
}

TEST(ContentMerge, FoldsSourceRowsOfOneTargetRow) {
  const auto merge = merge_rows({content("s", "c", "X", {{"viewcount", 1}, {"status", 2}}), content("s", "c", "x", {{"viewcount", 2}, {"status", 1}})},
                                {content("t", "c", "x", {{"viewcount", 4}, {"status", 0}})});
  EXPECT_EQ(written(merge), (std::vector<Row>{content("t", "c", "x", {{"viewcount", 7}, {"status", 2}})}));
  EXPECT_EQ(merge.claims.counted, (std::map<ContentKey, Counted>{{{"c", "b1", "x"}, {4, Value()}}}));
}

TEST(ContentMerge, CopiesOfOnePassAreNoCandidates) {
  const auto merge = merge_rows({content("s", "c", "X", {{"viewcount", 1}}), content("s", "c", "x", {{"viewcount", 2}})}, {});
  EXPECT_EQ(merge.writes.size(), 2u);
}

// An attempt that was given up half-way: some of its rows are there, some are not.
TEST(ContentMerge, AfterABrokenOffAttemptCountsAreAddedOnce) {
  const std::vector<Row> source{content("s", "c", "X", {{"viewcount", 1}}), content("s", "c", "p", {{"viewcount", 5}}),
                                content("s", "c", "q", {{"viewcount", 6}}), content("s", "c", "x", {{"viewcount", 2}})};
  const std::vector<Row> target{content("t", "c", "p", {{"viewcount", 10}}), content("t", "c", "q", {{"viewcount", 20}})};
  const auto whole = merge_rows(source, target);
  ASSERT_EQ(whole.writes.size(), 4u);
  for (unsigned done = 0; done < 16; ++done) {
    School school;
    school.tables["user_content_consumption"] = target;
    Plan part;
    for (unsigned i = 0; i < 4; ++i) {
      if (done & (1u << i)) append_stage(part, {whole.writes[i]}, 1);
    }
    school.apply(part);
    auto& rows = school.tables["user_content_consumption"];
    std::ranges::sort(rows, {}, [](const Row& row) { return *row.at("contentid").text(); });
    const auto again = merge_rows(source, rows, whole.claims);
    EXPECT_TRUE(again.claims.empty()) << "claims are made once";
    Plan rest;
    for (const RowWrite& write : again.writes) append_stage(rest, {write}, 1);
    EXPECT_EQ(rest.stages.size(), 4u - static_cast<unsigned>(std::popcount(done))) << done;
    school.apply(rest);
    std::ranges::sort(rows, {}, [](const Row& row) { return *row.at("contentid").text(); });
    EXPECT_EQ(rows, (std::vector<Row>{content("t", "c", "X", {{"viewcount", 1}}), content("t", "c", "p", {{"viewcount", 15}}),
                                      content("t", "c", "q", {{"viewcount", 26}}), content("t", "c", "x", {{"viewcount", 2}})}))
        << done;
  }
}

TEST(ContentMerge, RowsThatCameSinceABrokenOffAttemptAreClaimedToo) {
  Claims claimed;
  claimed.copied.insert({"c", "b1", "x"});
  const auto merge =
      merge_rows({content("s", "c", "x", {{"viewcount", 1}}), content("s", "c", "y", {{"viewcount", 2}}), content("s", "c", "z", {{"viewcount", 3}})},
                 {content("t", "c", "x", {{"viewcount", 1}}), content("t", "c", "z", {{"viewcount", 4}})}, claimed);
  EXPECT_EQ(merge.writes.size(), 2u);
  EXPECT_EQ(merge.claims.copied, (std::set<ContentKey>{{"c", "b1", "y"}}));
  EXPECT_EQ(merge.claims.counted, (std::map<ContentKey, Counted>{{{"c", "b1", "z"}, {4, Value()}}}));
}

// Rows against rows, one by one, this would be two hundred million comparisons of six ids each.
TEST(ContentMerge, ManyRowsAgainstManyRows) {
  constexpr std::size_t kRows = 10'000;
  std::vector<Row> source;
  std::vector<Row> target;
  for (std::size_t i = 0; i < kRows; ++i) {
    const std::string id = "do_" + std::to_string(1'000'000 + i);
    source.push_back(content("s", "course", id, {{"status", 2}, {"viewcount", 1}, {"lastaccesstime", "2022-02-01 00:00:00:000+0000"}}));
    target.push_back(
        content("t", "course", i % 2 == 0 ? id : "DO_" + id.substr(3), {{"status", 1}, {"viewcount", 1}, {"lastaccesstime", "2022-01-01 00:00:00:000+0000"}}));
  }
  std::ranges::sort(target, {}, [](const Row& row) { return *row.at("contentid").text(); });
  const auto merge = merge_rows(source, target);
  EXPECT_EQ(merge.writes.size(), kRows);
  EXPECT_EQ(merge.claims.counted.size(), kRows);
  EXPECT_TRUE(std::ranges::all_of(merge.writes, [](const RowWrite& write) { return write.kind == RowWrite::Kind::update && write.set.size() == 3; }));
}

}  // namespace
}  // namespace lernd::merge_user_courses
