#include "jobs/activity_aggregate_updater/contents.h"

#include <gtest/gtest.h>

#include <limits>

#include "unit/jobs/school.h"

namespace lernd::activity_aggregate_updater {
namespace {

const course_progress::ProgressTables kTables = {.consumption = {"k", "consumption"}, .aggregates = {"k", "agg"}, .enrolments = {"k", "enrolments"}};

Rows rows(const std::vector<std::vector<Value>>& cells) {
  Rows rows({"contentid", "status", "viewcount", "completedcount"});
  for (const auto& row : cells) rows.add(row);
  return rows;
}

/// `id status views completions`, a content a line.
std::vector<std::string> lines(const Contents& contents) {
  std::vector<std::string> lines;
  for (const auto& row : contents.all()) {
    lines.push_back(std::string(row.content_id) + " " + std::to_string(row.status) + " " + std::to_string(row.view_count) + " " +
                    std::to_string(row.completed_count));
  }
  return lines;
}

void merge(Contents& contents, const std::vector<std::string_view>& items) { contents.merge(items); }

TEST(Contents, AWindowAddsOneOfEachForEveryItem) {
  const Rows stored = rows({{"a", 1, 2, 0}, {"b", 2, 1, 1}});
  Contents contents(stored);
  merge(contents, {"a", "c", "a"});
  EXPECT_EQ(lines(contents), (std::vector<std::string>{"a 2 4 2", "b 2 1 1", "c 2 1 1"}));
}

TEST(Contents, NullsCountAsTheSpecificationSays) {
  const Rows stored = rows({{"a", Value(), Value(), Value()}});
  Contents contents(stored);
  EXPECT_EQ(lines(contents), (std::vector<std::string>{"a 1 0 0"}));
}

TEST(Contents, AStatusAboveTwoStays) {
  const Rows stored = rows({{"a", 3, 0, 0}});
  Contents contents(stored);
  merge(contents, {"a"});
  EXPECT_EQ(lines(contents), (std::vector<std::string>{"a 3 1 1"}));
}

TEST(Contents, TheNextWindowFindsTheStatusOfTheRowAndTheCountsOfTheLast) {
  const Rows stored = rows({{"a", 0, 0, 0}});
  Contents contents(stored);
  merge(contents, {"a", "b"});
  contents.settle();
  merge(contents, {"b"});
  EXPECT_EQ(lines(contents), (std::vector<std::string>{"a 0 1 1", "b 2 2 2"}));
  contents.settle();
  EXPECT_EQ(lines(contents), (std::vector<std::string>{"a 0 1 1", "b 1 2 2"})) << "a row without a status is in progress";
}

TEST(Contents, WhatHappensForTheFirstTime) {
  const Rows stored = rows({{"a", 2, 0, 0}, {"b", 2, 1, 0}, {"c", 2, 1, 1}});
  Contents contents(stored);
  merge(contents, {"c", "b", "a", "d", "a"});
  std::vector<std::string> events;
  for (const auto& input : contents.inputs()) {
    events.push_back(std::string(contents.all()[input.place].content_id) + (input.first_view ? " start" : "") + (input.first_completion ? " complete" : ""));
  }
  EXPECT_EQ(events, (std::vector<std::string>{"c", "b complete", "a start complete", "d start complete"}));
  contents.settle();
  merge(contents, {"a"});
  ASSERT_EQ(contents.inputs().size(), 1u);
  EXPECT_FALSE(contents.inputs()[0].first_view || contents.inputs()[0].first_completion);
}

TEST(Contents, OnlyCountsOfItemsAreWritten) {
  const Rows stored = rows({{"a", 2, 5, 1}, {"b", 2, 0, 0}});
  Contents contents(stored);
  merge(contents, {"c", "a"});
  contents.settle();
  merge(contents, {"a"});
  const auto write = [](const char* id, int views, int completions) {
    return RowWrite{.table = kTables.consumption,
                    .key = {{"userid", "u1"}, {"courseid", "do_1"}, {"batchid", "b1"}, {"contentid", id}},
                    .set = {{"viewcount", views}, {"completedcount", completions}}};
  };
  EXPECT_EQ(contents.writes(kTables, enrolment_of("u1", "do_1")), (std::vector<RowWrite>{write("c", 1, 1), write("a", 7, 3)}));
}

TEST(Contents, ACountThatIsFullStaysFull) {
  constexpr int kMax = std::numeric_limits<std::int32_t>::max();
  const Rows stored = rows({{"a", 2, kMax, kMax - 1}});
  Contents contents(stored);
  merge(contents, {"a", "a"});
  EXPECT_EQ(contents.all()[0].view_count, kMax);
  EXPECT_EQ(contents.all()[0].completed_count, kMax);
}

}  // namespace
}  // namespace lernd::activity_aggregate_updater
