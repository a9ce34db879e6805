#include "jobs/merge_user_courses/rules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "unit/jobs/merge_user_courses/merging.h"

namespace lernd::merge_user_courses {
namespace {

using Lines = std::vector<std::string>;

/// Source `s` with a content, an aggregate and an enrolment in course `c1`, and an enrolment that target `t` has too.
School two_accounts() {
  School school;
  school.tables["user_content_consumption"] = {content("s", "c1", "x", {{"viewcount", 1}}), content("t", "c1", "x", {{"viewcount", 2}})};
  school.tables["user_enrolments"] = {enrolment("s", "c1", "b1", {{"status", 2}}), enrolment("s", "c2", "b2", {{"status", 1}}),
                                      enrolment("t", "c2", "b2", {{"status", 0}})};
  school.tables["user_activity_agg"] = {aggregate("s", "c1", "b1", {{"aggregates", map_of({{"completedCount", 1.0}})}, {"agg_last_updated", Value()}})};
  return school;
}

/// The tables a plan writes, stage by stage, with the number of rows.
Lines stages(const Plan& plan) {
  Lines lines;
  for (const WriteStage& stage : plan.stages) {
    std::string table;
    std::size_t rows = 0;
    for (const WriteGroup& group : stage) {
      for (const RowWrite& row : std::get<RowGroup>(group)) {
        EXPECT_TRUE(table.empty() || table == row.table.table);
        table = row.table.table;
        ++rows;
      }
    }
    lines.push_back(table + " " + std::to_string(rows));
  }
  return lines;
}

/// Topic, course and batch of the plan's events.
Lines events(const Plan& plan) {
  Lines lines;
  for (const OutputRecord& record : plan.outputs) {
    const std::string& body = *record.value;
    const auto text = [&](const std::string& member) {
      const auto at = body.find("\"" + member + "\":\"") + member.size() + 4;
      return body.substr(at, body.find('"', at) - at);
    };
    lines.push_back(record.topic + " " + text("courseId") + " " + text("batchId") + " " + text("userId"));
    EXPECT_FALSE(record.key);
    EXPECT_TRUE(record.headers.empty());
  }
  return lines;
}

TEST(MergeUserCourses, ReadsInTwoRounds) {
  const auto merged = merge(two_accounts());
  std::vector<Lines> rounds;
  for (const Ask& ask : merged.rounds) {
    EXPECT_TRUE(ask.cache.empty() && ask.http.empty());
    Lines& lines = rounds.emplace_back();
    for (const RowsQuery& query : ask.rows) {
      EXPECT_EQ(query.columns.empty(), query.table.table != "lernd_merged") << "all columns, whichever there are";
      std::string line = query.table.table;
      for (const Cell& cell : query.key) line += " " + *cell.value.text();
      lines.push_back(line);
    }
  }
  EXPECT_EQ(rounds, (std::vector<Lines>{
                        {"lernd_merged mid m1 s t", "user_content_consumption s", "user_content_consumption t", "user_enrolments s", "user_enrolments t"},
                        {"user_activity_agg Course c1 s", "user_activity_agg Course c1 t", "user_activity_agg Course c2 s", "user_activity_agg Course c2 t"}}));
}

TEST(MergeUserCourses, WritesStepAfterStep) {
  const auto plan = merge(two_accounts()).plan();
  EXPECT_EQ(stages(plan), (Lines{"lernd_merged 1", "user_content_consumption 1", "lernd_merged 1", "user_activity_agg 1", "user_enrolments 1"}));
  EXPECT_EQ(events(plan), (Lines{"batches c1 b1 t", "enrolments c1 b1 t", "batches c2 b2 t", "enrolments c2 b2 t"}));
  EXPECT_EQ(counts_in(plan.counts),
            (std::map<std::string, std::uint64_t>{{"db-update-user-course-batch", 2}, {"success-events-count", 1}, {"shared-enrolment-count", 1}}));
}

TEST(MergeUserCourses, EveryEventHasAnIdOfItsOwn) {
  std::set<std::string> ids;
  for (const OutputRecord& record : merge(two_accounts()).plan().outputs) {
    const auto at = record.value->find("LP.1700000000000.");
    ids.insert(record.value->substr(at, 53));
  }
  EXPECT_EQ(ids.size(), 4u);
}

TEST(MergeUserCourses, TheSecondTopicCanBeOff) {
  Options options = defaults();
  options.enrolment_sync_topic.clear();
  EXPECT_EQ(events(merge(two_accounts(), request(), options).plan()), (Lines{"batches c1 b1 t", "batches c2 b2 t"}));
}

TEST(MergeUserCourses, NothingToMergeIsASuccess) {
  const auto merged = merge(School());
  EXPECT_EQ(stages(merged.plan()), (Lines{"lernd_merged 1"})) << "the mark alone";
  EXPECT_TRUE(merged.plan().outputs.empty());
  EXPECT_EQ(merged.plan().counts["success-events-count"], 1u);
  EXPECT_EQ(merged.rounds.size(), 1u) << "without an enrolment no aggregates";
}

TEST(MergeUserCourses, TheTargetAloneIsLeftAsItIsButSynced) {
  School school;
  school.tables["user_content_consumption"] = {content("t", "c1", "x", {{"viewcount", 2}})};
  school.tables["user_enrolments"] = {enrolment("t", "c1", "b1", {{"active", false}})};
  const auto plan = merge(school).plan();
  EXPECT_EQ(stages(plan), (Lines{"lernd_merged 1"}));
  EXPECT_EQ(events(plan), (Lines{"batches c1 b1 t", "enrolments c1 b1 t"}));
}

TEST(MergeUserCourses, WhatTheSourceGetsLaterIsNoPartOfTheMessage) {
  School school;
  school.apply(merge(school).plan());
  school.tables["user_content_consumption"] = {content("s", "c1", "x", {{"viewcount", 1}})};
  EXPECT_FALSE(merge(school).plan().writes());
  EXPECT_TRUE(merge(school, request("s", "t", "m2")).plan().writes());
}

TEST(MergeUserCourses, TheSameMessageAgainAddsNothing) {
  School school = two_accounts();
  const auto first = merge(school).plan();
  school.apply(first);
  const auto contents = school.tables["user_content_consumption"];
  const auto again = merge(school).plan();
  EXPECT_EQ(stages(again), (Lines{"user_activity_agg 1"})) << "nothing but the time of the aggregates";
  EXPECT_EQ(events(again), events(first));
  EXPECT_EQ(again.counts["success-events-count"], 1u);
  school.apply(again);
  EXPECT_EQ(school.tables["user_content_consumption"], contents);
}

TEST(MergeUserCourses, AnotherMessageAddsAgain) {
  School school = two_accounts();
  school.apply(merge(school).plan());
  school.apply(merge(school, request("s", "t", "m2")).plan());
  EXPECT_EQ(school.tables["user_content_consumption"][1]["viewcount"], Value(4));
}

TEST(MergeUserCourses, WithoutAMidAnotherOffsetIsAnotherMessage) {
  School school = two_accounts();
  Stamp at = stamp();
  for (const std::int64_t offset : {1, 1, 2}) {
    at.origin = {{"in", 0}, {offset}};
    school.apply(merge(school, request("s", "t", ""), defaults(), at).plan());
  }
  EXPECT_EQ(school.tables["user_content_consumption"][1]["viewcount"], Value(4));
}

// However many of its writes were made before it was given up, the message sent again brings the rest and no count twice.
TEST(MergeUserCourses, CanBeBrokenOffAfterAnyWrite) {
  School start = two_accounts();
  auto& contents = start.tables["user_content_consumption"];
  for (const char* id : {"p", "q", "r"}) contents.push_back(content("s", "c1", id, {{"viewcount", 5}, {"completedcount", 1}}));
  contents.push_back(content("t", "c1", "r", {{"viewcount", 7}}));
  const auto plan = merge(start).plan();
  School whole = start;
  whole.apply(plan);
  std::vector<RowWrite> writes;
  for (const WriteStage& stage : plan.stages) {
    for (const WriteGroup& group : stage) std::ranges::copy(std::get<RowGroup>(group), std::back_inserter(writes));
  }
  const auto sorted = [](std::vector<Row> rows) {
    std::ranges::sort(rows, {}, [](const Row& row) { return *row.at("userid").text() + *row.at("contentid").text(); });
    return rows;
  };
  for (std::size_t made = 0; made <= writes.size(); ++made) {
    School school = start;
    Plan part;
    for (std::size_t i = 0; i < made; ++i) append_stage(part, {writes[i]}, 1);
    school.apply(part);
    for (auto& [name, rows] : school.tables) {
      if (name == "user_content_consumption") rows = sorted(rows);
    }
    school.apply(merge(school).plan());
    EXPECT_EQ(sorted(school.tables["user_content_consumption"]), sorted(whole.tables["user_content_consumption"])) << made;
    EXPECT_EQ(school.tables["user_enrolments"], whole.tables["user_enrolments"]) << made;
    EXPECT_EQ(school.tables["user_activity_agg"], whole.tables["user_activity_agg"]) << made;
  }
}

TEST(MergeUserCourses, ManyRowsGoInBoundedGroups) {
  School school;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = "c" + std::to_string(i);
    school.tables["user_enrolments"].push_back(enrolment("s", id, "b", {{"addedby", std::string(i < 10 ? 100'000 : 10, 'x')}}));
    school.tables["user_content_consumption"].push_back(content("s", id, "x"));
  }
  const auto plan = merge(school).plan();
  EXPECT_EQ(plan.outputs.size(), 2000u);
  for (const WriteStage& stage : plan.stages) {
    for (const WriteGroup& group : stage) {
      const auto& rows = std::get<RowGroup>(group);
      EXPECT_LE(rows.size(), 100u);
      EXPECT_LE(std::ranges::count_if(
                    rows, [](const RowWrite& row) { return !row.set.empty() && row.set[0].value.text() != nullptr && row.set[0].value.text()->size() > 1000; }),
                2);
    }
  }
  EXPECT_GE(plan.stages.back().size(), 14u);
}

TEST(MergeUserCourses, AnUnreadableLedgerStops) {
  School school = two_accounts();
  school.tables["lernd_merged"] = {{{"event", "mid m1"}, {"source_id", "s"}, {"target_id", "t"}, {"piece", 0}, {"claims", "x"}}};
  const auto merged = merge(school);
  ASSERT_TRUE(std::holds_alternative<Reject>(merged.step));
  EXPECT_EQ(std::get<Reject>(merged.step).error.treatment, Treatment::fatal);
}

TEST(MergeUserCourses, AParkedMessageSendsAFailedEvent) {
  Stamp at = stamp();
  at.origin = {{"in", 2}, {7}};
  const auto plan = parked(request(), {Treatment::retry, ErrorCode::unavailable, "Cassandra is away"}, defaults(), at);
  ASSERT_EQ(plan.outputs.size(), 1u);
  EXPECT_EQ(plan.outputs[0].topic, "failed");
  EXPECT_EQ(plan.outputs[0].value, R"({"jobName":"MergeUserCourses","failInfo":{"errorCode":"DATA_ERROR","error":"Cassandra is away"}})");
  EXPECT_EQ(plan.outputs[0].headers, (std::vector<Header>{{"topic", "in"}, {"partition", "2"}, {"offset", "7"}, {"mid", "m1"}}));
  EXPECT_EQ(counts_in(plan.counts), (std::map<std::string, std::uint64_t>{{"failed-events-count", 1}}));
  EXPECT_TRUE(parked(request(), {Treatment::retry, ErrorCode::unavailable, ""}, defaults(), at).outputs[0].value->contains(R"("error":"unavailable")"));
}

TEST(MergeUserCourses, ASkippedMessageSendsAFailedEventToo) {
  const Origin at{{"in", 2}, {7}};
  const auto skip = skipped({.error = {Treatment::skip, ErrorCode::not_for_this_job, "toAccountId is missing"}}, defaults(), at);
  EXPECT_TRUE(skip.outputs.at(0).value->contains(R"("error":"ERR_MERGE_USER_COURSES_SAMZA")"));
  EXPECT_EQ(counts_in(skip.counts), (std::map<std::string, std::uint64_t>{{"skipped-event-count", 1}}));
  const auto fail = skipped({.error = {Treatment::reject, ErrorCode::malformed_record, "not JSON"}, .dead_letter = true}, defaults(), at);
  EXPECT_TRUE(fail.outputs.at(0).value->contains(R"("error":"not JSON")"));
  EXPECT_EQ(counts_in(fail.counts), (std::map<std::string, std::uint64_t>{{"failed-events-count", 1}}));
  const auto oversized = skipped({.error = {Treatment::skip, ErrorCode::oversized_record, "too large"}, .dead_letter = true}, defaults(), at);
  EXPECT_EQ(counts_in(oversized.counts), (std::map<std::string, std::uint64_t>{{"failed-events-count", 1}}));
}

}  // namespace
}  // namespace lernd::merge_user_courses
