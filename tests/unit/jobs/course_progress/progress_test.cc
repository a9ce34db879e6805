#include "jobs/course_progress/progress.h"

#include <gtest/gtest.h>

namespace lernd::course_progress {
namespace {

const EnrolmentKey kEnrolment = {"u1", "do_1", "b1"};
const ProgressTables kTables = {.consumption = {"k", "consumption"}, .aggregates = {"k", "aggregates"}, .enrolments = {"k", "enrolments"}};
const std::vector<Cell> kKey = {{"userid", "u1"}, {"courseid", "do_1"}, {"batchid", "b1"}};
using Texts = std::vector<std::string_view>;

TEST(ContentRows, NullStatusIsInProgressAndNullCountsAreZero) {
  Rows rows({"contentid", "status", "viewcount", "completedcount"});
  rows.add({"c1", 2, 7, 3});
  rows.add({"c2", Value(), Value(), Value()});
  rows.add({"c3", 0, 1, 0});
  const auto contents = content_rows(rows);
  ASSERT_EQ(contents.size(), 3u);
  EXPECT_EQ(contents[0].content_id, "c1");
  EXPECT_EQ(contents[0].status, 2);
  EXPECT_EQ(contents[0].view_count, 7);
  EXPECT_EQ(contents[0].completed_count, 3);
  EXPECT_EQ(contents[1].status, 1);
  EXPECT_EQ(contents[1].view_count, 0);
  EXPECT_EQ(contents[1].completed_count, 0);
  EXPECT_EQ(contents[2].status, 0);
}

TEST(ContentRows, ColumnsMayComeInAnyOrder) {
  Rows rows({"status", "contentid"});
  rows.add({2, "c1"});
  const auto contents = content_rows(rows);
  ASSERT_EQ(contents.size(), 1u);
  EXPECT_EQ(contents[0].content_id, "c1");
  EXPECT_EQ(contents[0].status, 2);
}

TEST(ContentRows, FinishedIsExactlyStatusTwo) {
  const std::vector<ContentRow> contents = {{"c3", 2}, {"c1", 1}, {"c2", 0}, {"c5", 3}, {"c4", 2}};
  EXPECT_EQ(finished(contents), (Texts{"c3", "c4"}));
  EXPECT_EQ(ids(contents), (Texts{"c3", "c1", "c2", "c5", "c4"}));
  EXPECT_EQ(finished({}), Texts());
}

TEST(ProgressQueries, NameTheWholeEnrolment) {
  EXPECT_EQ(consumption_query(kTables, kEnrolment), (RowsQuery{{"k", "consumption"}, {"contentid", "status", "viewcount", "completedcount"}, kKey}));
  EXPECT_EQ(enrolment_query(kTables, kEnrolment), (RowsQuery{{"k", "enrolments"}, {"status"}, kKey}));
}

TEST(ProgressWrites, AnAggregateIsMergedUnderAllFourKeys) {
  EXPECT_EQ(aggregate_write(kTables, kEnrolment, "m1", 3, Timestamp{5}),
            (RowWrite{.kind = RowWrite::Kind::update,
                      .table = {"k", "aggregates"},
                      .key = {{"activity_type", "Course"}, {"activity_id", "m1"}, {"user_id", "u1"}, {"context_id", "cb:b1"}},
                      .set = {{"aggregates", ValueMap{{{"completedCount", 3.0}}}, Assignment::Mode::merge},
                              {"agg_last_updated", ValueMap{{{"completedCount", Timestamp{5}}}}, Assignment::Mode::merge}}}));
}

TEST(ProgressWrites, AnEnrolmentInProgress) {
  EXPECT_EQ(enrolment_write(kTables, kEnrolment, {{"c2", 1}, {"c1", 2}}, 1, false, Timestamp{5}),
            (RowWrite{.kind = RowWrite::Kind::update,
                      .table = {"k", "enrolments"},
                      .key = kKey,
                      .set = {{"status", 1}, {"progress", 1}, {"contentstatus", ValueMap{{{"c1", 2}, {"c2", 1}}}}, {"datetime", Timestamp{5}}}}));
}

TEST(ProgressWrites, ACompletedEnrolment) {
  EXPECT_EQ(
      enrolment_write(kTables, kEnrolment, {{"c1", 2}}, 1, true, Timestamp{5}),
      (RowWrite{.kind = RowWrite::Kind::update,
                .table = {"k", "enrolments"},
                .key = kKey,
                .set = {{"status", 2}, {"completedon", Timestamp{5}}, {"progress", 1}, {"contentstatus", ValueMap{{{"c1", 2}}}}, {"datetime", Timestamp{5}}}}));
}

}  // namespace
}  // namespace lernd::course_progress
