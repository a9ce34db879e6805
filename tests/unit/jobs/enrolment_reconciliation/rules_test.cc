#include "jobs/enrolment_reconciliation/rules.h"

#include <gtest/gtest.h>

#include "unit/jobs/enrolment_reconciliation/reconcile.h"

namespace lernd::enrolment_reconciliation {
namespace {

using Aggregates = std::map<std::string, double>;
using Topics = std::vector<std::string>;

const Value kNow = stamp().now;

Value status_map(const std::map<std::string, int>& statuses) {
  ValueMap map;
  for (const auto& [content, status] : statuses) map.entries.emplace_back(content, status);
  return map;
}

School::Row in_progress(int progress, const std::map<std::string, int>& statuses) {
  return {{"status", 1}, {"progress", progress}, {"contentstatus", status_map(statuses)}, {"datetime", kNow}};
}

School::Row completed(int progress, const std::map<std::string, int>& statuses) {
  return {{"status", 2}, {"completedon", kNow}, {"progress", progress}, {"contentstatus", status_map(statuses)}, {"datetime", kNow}};
}

// Step 1.

TEST(EnrolmentReconciliation, ALearnerWithoutConsumptionIsLeftAlone) {
  const auto plan = reconcile(learner("u1").enrolled().in(course("do_1").leaf_nodes({"c1"}))).plan();
  EXPECT_FALSE(plan.writes());
  EXPECT_TRUE(plan.outputs.empty());
  EXPECT_EQ(plan.remarks, (std::vector<Remark>{{"an enrolment without any content row keeps its progress", "user u1, course do_1, batch b1"}}));
}

TEST(EnrolmentReconciliation, ANullStatusIsOne) {
  const auto plan = reconcile(learner("u1").opened({"c1"}).enrolled().in(course("do_1").leaf_nodes({"c1"}))).plan();
  EXPECT_EQ(enrolment(plan), in_progress(0, {{"c1", 1}}));
}

// Steps 3 to 6.

TEST(EnrolmentReconciliation, CountsTheFinishedLeafContents) {
  const auto plan = reconcile(learner("u1").finished({"c1", "c3"}).started({"c2"}).enrolled().in(course("do_1").leaf_nodes({"c1", "c2", "c3", "c4"}))).plan();
  EXPECT_EQ(aggregates(plan), (Aggregates{{"do_1", 2}}));
  EXPECT_EQ(enrolment(plan), in_progress(2, {{"c1", 2}, {"c2", 1}, {"c3", 2}}));
  EXPECT_EQ(topics(plan), Topics());
}

TEST(EnrolmentReconciliation, OnlyStatusTwoIsFinished) {
  auto school = learner("u1").finished({"c1", "c2"}).listed({"c3"}).enrolled().in(course("do_1").leaf_nodes({"c1", "c2", "c3"}));
  school.tables["user_content_consumption"][1]["status"] = 3;
  const auto plan = reconcile(school).plan();
  EXPECT_EQ(aggregates(plan), (Aggregates{{"do_1", 1}}));
  EXPECT_EQ(enrolment(plan), in_progress(1, {{"c1", 2}, {"c2", 3}, {"c3", 0}}));
}

TEST(EnrolmentReconciliation, ContentsThatAreNoLeavesDoNotCountButStayInTheirMap) {
  const auto plan = reconcile(learner("u1").finished({"c1", "gone", "C2"}).enrolled().in(course("do_1").leaf_nodes({"c1", "c2"}))).plan();
  EXPECT_EQ(aggregates(plan), (Aggregates{{"do_1", 1}}));
  EXPECT_EQ(enrolment(plan), in_progress(1, {{"c1", 2}, {"gone", 2}, {"C2", 2}}));
}

TEST(EnrolmentReconciliation, OptionalContentsDoNotCount) {
  const auto course_1 = course("do_1").leaf_nodes({"c1", "c2", "c3"}).optional_nodes({"c2", "c3"});
  const auto plan = reconcile(learner("u1").finished({"c1", "c2"}).enrolled().in(course_1)).plan();
  EXPECT_EQ(aggregates(plan), (Aggregates{{"do_1", 1}}));
  EXPECT_EQ(enrolment(plan), completed(1, {{"c1", 2}, {"c2", 2}}));
}

TEST(EnrolmentReconciliation, OptionalContentsCountWhenTheOptionIsOff) {
  Options options = defaults();
  options.relation_cache.optional_nodes = false;
  const auto course_1 = course("do_1").leaf_nodes({"c1", "c2", "c3"}).optional_nodes({"c2", "c3"}).unit("m1", {"c1", "c2"}).unit_optional_nodes("m1", {"c2"});
  const auto plan = reconcile(learner("u1").finished({"c1", "c2"}).enrolled().in(course_1), options).plan();
  EXPECT_EQ(aggregates(plan), (Aggregates{{"do_1", 2}, {"m1", 2}}));
  EXPECT_EQ(enrolment(plan), in_progress(2, {{"c1", 2}, {"c2", 2}}));
}

TEST(EnrolmentReconciliation, ACourseOfOptionalContentsOnlyIsCompleteAtOnce) {
  const auto plan = reconcile(learner("u1").started({"c1"}).enrolled().in(course("do_1").leaf_nodes({"c1"}).optional_nodes({"c1"}))).plan();
  EXPECT_EQ(aggregates(plan), (Aggregates{{"do_1", 0}}));
  EXPECT_EQ(enrolment(plan), completed(0, {{"c1", 1}}));
  EXPECT_EQ(topics(plan), (Topics{"certificates", "audit"}));
  EXPECT_EQ(plan.remarks, (std::vector<Remark>{{course_progress::kNothingRequired, "user u1, course do_1, batch b1"}}));
}

// Step 7.

TEST(EnrolmentReconciliation, CountsTheUnitsAboveAnyOpenedContent) {
  const auto course_1 = course("do_1")
                            .leaf_nodes({"c1", "c2", "c3", "c4", "c5"})
                            .unit("outer", {"c1", "c2", "c3"})
                            .unit("inner", {"c3"})
                            .unit("shared", {"c1", "c4"})
                            .unit("unopened", {"c5"});
  const auto plan = reconcile(learner("u1").finished({"c1"}).started({"c3"}).enrolled().in(course_1)).plan();
  EXPECT_EQ(aggregates(plan), (Aggregates{{"do_1", 1}, {"outer", 1}, {"inner", 0}, {"shared", 1}}));
}

TEST(EnrolmentReconciliation, OptionalContentsOfAUnitDoNotCount) {
  const auto course_1 = course("do_1").leaf_nodes({"c1", "c2"}).unit("m1", {"c1", "c2"}).unit_optional_nodes("m1", {"c2"});
  const auto plan = reconcile(learner("u1").finished({"c1", "c2"}).enrolled().in(course_1)).plan();
  EXPECT_EQ(aggregates(plan), (Aggregates{{"do_1", 2}, {"m1", 1}})) << "each collection has its own optional set";
}

TEST(EnrolmentReconciliation, AUnitWithoutLeafSetCountsNothing) {
  const auto plan = reconcile(learner("u1").finished({"c1"}).enrolled().in(course("do_1").leaf_nodes({"c1", "c2"}).unit_without_leaf_set("m1", {"c1"}))).plan();
  EXPECT_EQ(aggregates(plan), (Aggregates{{"do_1", 1}, {"m1", 0}}));
}

TEST(EnrolmentReconciliation, NoUnitsWhenTheOptionIsOff) {
  Options options = defaults();
  options.unit_aggregates = false;
  const auto plan = reconcile(learner("u1").finished({"c1"}).enrolled().in(course("do_1").leaf_nodes({"c1", "c2"}).unit("m1", {"c1"})), options).plan();
  EXPECT_EQ(aggregates(plan), (Aggregates{{"do_1", 1}}));
}

// Step 8.

TEST(EnrolmentReconciliation, WritesTheCourseFirstThenItsUnitsInGroupsThenTheEnrolment) {
  Options options = defaults();
  options.write_group_rows = 2;
  const auto course_1 = course("do_1").leaf_nodes({"c1"}).unit("m1", {"c1"}).unit("m2", {"c1"}).unit("m3", {"c1"}).unit("m4", {"c1"});
  const auto plan = reconcile(learner("u1").finished({"c1"}).enrolled().in(course_1), options).plan();
  ASSERT_EQ(plan.stages.size(), 2u);
  std::vector<std::vector<std::string>> groups;
  for (const WriteGroup& group : plan.stages[0]) {
    auto& ids = groups.emplace_back();
    for (const RowWrite& row : std::get<RowGroup>(group)) ids.push_back(*row.key[1].value.text());
  }
  EXPECT_EQ(groups, (std::vector<std::vector<std::string>>{{"do_1", "m1"}, {"m2", "m3"}, {"m4"}}));
  ASSERT_EQ(plan.stages[1].size(), 1u);
  EXPECT_EQ(std::get<RowGroup>(plan.stages[1][0]).size(), 1u);
  EXPECT_EQ(std::get<RowGroup>(plan.stages[1][0])[0].table.table, "user_enrolments");
}

// Step 9.

TEST(EnrolmentReconciliation, AsksForTheCertificateOnceTheLastContentIsDone) {
  const auto plan = reconcile(learner("u1").finished({"c1", "c2"}).enrolled().in(course("do_1").leaf_nodes({"c1", "c2"}))).plan();
  EXPECT_EQ(enrolment(plan), completed(2, {{"c1", 2}, {"c2", 2}}));
  EXPECT_EQ(topics(plan), (Topics{"certificates", "audit"})) << "the certificate first";
}

TEST(EnrolmentReconciliation, LeavesACompletedOrMissingEnrolmentAlone) {
  for (const Learner& somebody : {learner("u1").finished({"c1"}).enrolled(2), learner("u1").finished({"c1"})}) {
    const auto plan = reconcile(somebody.in(course("do_1").leaf_nodes({"c1"}).unit("m1", {"c1"}))).plan();
    EXPECT_EQ(enrolment(plan), std::nullopt);
    EXPECT_EQ(topics(plan), Topics());
    EXPECT_EQ(aggregates(plan), (Aggregates{{"do_1", 1}, {"m1", 1}})) << "aggregates are written all the same";
  }
}

TEST(EnrolmentReconciliation, AnyOtherStatusOfTheEnrolmentIsOpen) {
  for (const Value& status : {Value(), Value(0), Value(1), Value(3)}) {
    const auto plan = reconcile(learner("u1").finished({"c1"}).enrolled(status).in(course("do_1").leaf_nodes({"c1"}))).plan();
    EXPECT_EQ(enrolment(plan), completed(1, {{"c1", 2}}));
  }
}

TEST(EnrolmentReconciliation, WithoutTheFilterEveryEnrolmentIsWritten) {
  Options options = defaults();
  options.skip_processed = false;
  for (const Learner& somebody : {learner("u1"), learner("u1").enrolled(2), learner("u1").enrolled()}) {
    const auto complete = reconcile(somebody.finished({"c1"}).in(course("do_1").leaf_nodes({"c1"})), options).plan();
    EXPECT_EQ(enrolment(complete), completed(1, {{"c1", 2}}));
    EXPECT_EQ(topics(complete), (Topics{"certificates", "audit"}));
    const auto partial = reconcile(somebody.started({"c1"}).in(course("do_1").leaf_nodes({"c1"})), options).plan();
    EXPECT_EQ(enrolment(partial), in_progress(0, {{"c1", 1}})) << "completedon of a completed one stays";
  }
}

TEST(EnrolmentReconciliation, RowsOfOthersAreNotTheLearners) {
  auto school = learner("u1").finished({"c1"}).enrolled().in(course("do_1").leaf_nodes({"c1", "c2"}));
  const auto own = school.tables["user_content_consumption"][0];
  for (const auto& [column, other] : {std::pair{"userid", "u2"}, {"courseid", "do_2"}, {"batchid", "b2"}}) {
    auto row = own;
    row["contentid"] = "c2";
    row[column] = other;
    school.tables["user_content_consumption"].push_back(row);
  }
  EXPECT_EQ(enrolment(reconcile(school).plan()), in_progress(1, {{"c1", 2}}));
}

TEST(EnrolmentReconciliation, TablesAndCacheAreThoseOfTheOptions) {
  Options options = defaults();
  options.tables = {.consumption = {"k1", "t1"}, .aggregates = {"k2", "t2"}, .enrolments = {"k3", "t3"}};
  options.relation_cache.cache = {"redis", 7};
  const auto run = reconcile(learner("u1").finished({"c1"}).in(course("do_1").leaf_nodes({"c1"})), options);
  ASSERT_EQ(run.rounds.size(), 1u);
  EXPECT_EQ(run.rounds[0].rows[0].table, (TableName{"k1", "t1"}));
  EXPECT_EQ(run.rounds[0].rows[1].table, (TableName{"k3", "t3"}));
  for (const CacheQuery& query : run.rounds[0].cache) EXPECT_EQ(query.cache, (CacheId{"redis", 7}));
}

// Replaying a message repeats the same values and, with the filter on, no event once the enrolment is completed (section 10).
TEST(EnrolmentReconciliation, AgainItWritesTheSameAndSendsNothing) {
  auto school = learner("u1").finished({"c1", "c2"}).enrolled().in(course("do_1").leaf_nodes({"c1", "c2"}).unit("m1", {"c1"}));
  const auto first = reconcile(school).plan();
  school.apply(first);
  EXPECT_EQ(school.tables["user_enrolments"].size(), 1u);
  EXPECT_EQ(school.tables["user_enrolments"][0]["active"], Value(true)) << "other columns stay";
  const auto second = reconcile(school).plan();
  EXPECT_EQ(aggregates(second), aggregates(first));
  EXPECT_EQ(enrolment(second), std::nullopt);
  EXPECT_EQ(topics(second), Topics());
}

}  // namespace
}  // namespace lernd::enrolment_reconciliation
