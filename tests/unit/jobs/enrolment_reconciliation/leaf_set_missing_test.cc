#include <gtest/gtest.h>

#include "jobs/enrolment_reconciliation/rules.h"
#include "unit/jobs/enrolment_reconciliation/reconcile.h"

/// Section 6: a course without a leaf set.
namespace lernd::enrolment_reconciliation {
namespace {

using Aggregates = std::map<std::string, double>;
using Topics = std::vector<std::string>;

/// One finished content of a course that has a unit, but no leaf set.
Course without_leaf_set() { return course("do_1").unit("m1", {"c1", "c2"}); }
Learner somebody() { return learner("u1").finished({"c1"}).enrolled(); }

TEST(LeafSetMissing, ARetiredCourseStillCountsItsUnits) {
  const auto plan = reconcile(somebody().in(without_leaf_set().known_as("Retired"))).plan();
  EXPECT_EQ(aggregates(plan), (Aggregates{{"m1", 1}}));
  EXPECT_EQ(enrolment(plan), std::nullopt);
  EXPECT_EQ(topics(plan), Topics{"failed"});
  EXPECT_EQ(plan.counts["retired-consumption-events-count"], 1u);
  EXPECT_EQ(plan.counts["failed-events-count"], 0u) << "the message succeeds";
}

TEST(LeafSetMissing, OptionalContentsDoNotMakeALeafSet) {
  const auto plan = reconcile(somebody().in(without_leaf_set().optional_nodes({"c1"}).known_as("Retired"))).plan();
  EXPECT_EQ(aggregates(plan), (Aggregates{{"m1", 1}}));
}

TEST(LeafSetMissing, ARetiredCourseWithoutUnitAggregatesWritesNothing) {
  Options options = defaults();
  options.unit_aggregates = false;
  const auto plan = reconcile(somebody().in(without_leaf_set().known_as("Retired")), options).plan();
  EXPECT_FALSE(plan.writes());
  EXPECT_EQ(topics(plan), Topics{"failed"});
}

TEST(LeafSetMissing, AnyOtherStatusIsARejectAndNothingIsWritten) {
  const auto other = without_leaf_set();
  for (const Course& unpublished :
       {other.known_as("Live"), other.known_as("Unlisted"), other.known_as("retired"), other.known_as(""), other.search_answers(200, "{}"),
        other.search_answers(200, R"({"result":{"count":0}})"), other.search_answers(200, R"({"result":{"count":0,"content":[{"status":"Retired"}]}})"),
        other.search_answers(200, R"({"result":{"content":[{"status":"Retired"}]}})"), other.search_answers(200, R"({"result":{"count":1}})"),
        other.search_answers(200, R"({"result":{"count":1,"content":[]}})"), other.search_answers(200, R"({"result":{"count":1,"content":[{}]}})"),
        other.search_answers(200, R"({"result":{"count":1,"content":[{"status":null}]}})"),
        other.search_answers(200, R"({"result":{"count":2,"content":[{"status":"Live"},{"status":"Retired"}]}})")}) {
    const auto reject = reconcile(somebody().in(unpublished)).reject();
    EXPECT_EQ(reject.error.treatment, Treatment::reject);
    EXPECT_EQ(reject.error.code, ErrorCode::unpublished_course);
  }
}

TEST(LeafSetMissing, OnlyAReadableAnswerWith200IsAnAnswer) {
  const auto other = without_leaf_set();
  const std::string retired = R"({"result":{"count":1,"content":[{"status":"Retired"}]}})";
  for (const Course& unanswered : {other, other.search_answers(500, "search is down"), other.search_answers(500, retired), other.search_answers(201, retired),
                                   other.search_answers(302, retired), other.search_answers(404, ""), other.search_answers(200, ""),
                                   other.search_answers(200, "<html>"), other.search_answers(200, R"({"result":)"), other.search_answers(200, "[]"),
                                   other.search_answers(200, "null"), other.search_answers(200, R"("Retired")")}) {
    const auto reject = reconcile(somebody().in(unanswered)).reject();
    EXPECT_EQ(reject.error.treatment, Treatment::retry);
    EXPECT_EQ(reject.error.code, ErrorCode::bad_answer);
    EXPECT_NE(reject.error.text.find("service.search.basePath"), std::string::npos) << "names the option";
    EXPECT_EQ(reject.error.text.find("down"), std::string::npos) << "quotes no answer";
  }
}

TEST(LeafSetMissing, ASetThatIsThereTheSecondTimeIsASet) {
  const auto school = somebody().in(course("do_1").leaf_nodes({"c1"}));
  auto refreshing = school;
  refreshing.sets.clear();
  Facts facts;
  Step step;
  for (int round = 0; round < 5; ++round) {
    step = advance(request(), facts, defaults(), stamp());
    const Ask* ask = std::get_if<Ask>(&step);
    if (ask == nullptr) break;
    (round == 0 ? refreshing : school).answer(*ask, facts);
  }
  ASSERT_TRUE(std::holds_alternative<Plan>(step));
  EXPECT_EQ(topics(std::get<Plan>(step)), (Topics{"certificates", "audit"}));
  EXPECT_EQ(aggregates(std::get<Plan>(step)), (Aggregates{{"do_1", 1}}));
}

TEST(LeafSetMissing, ALearnerWithoutConsumptionNeedsNoLeafSet) {
  const auto run = reconcile(learner("u1").enrolled().in(course("do_1")));
  EXPECT_FALSE(run.plan().writes());
  EXPECT_TRUE(run.plan().outputs.empty());
}

TEST(LeafSetMissing, OneFailedEventForEachMessageFoldedIntoOne) {
  const auto plan = reconcile(somebody().in(without_leaf_set().known_as("Retired")), defaults(), request("u1", "do_1", 3)).plan();
  EXPECT_EQ(topics(plan), (Topics{"failed", "failed", "failed"}));
  EXPECT_EQ(plan.outputs[0], plan.outputs[2]);
  EXPECT_EQ(plan.counts["retired-consumption-events-count"], 1u);
}

TEST(LeafSetMissing, WithALeafSetNobodyAsksTheSearchService) {
  const auto run = reconcile(somebody().in(without_leaf_set().leaf_nodes({"c1"}).known_as("Retired")));
  EXPECT_EQ(topics(run.plan()), (Topics{"certificates", "audit"}));
  for (const Ask& ask : run.rounds) EXPECT_TRUE(ask.http.empty());
}

// What an event that ends in an error leaves behind.

TEST(Parked, SaysWhatWasKnownOfTheContents) {
  const auto run = reconcile(learner("u1").finished({"c1"}).opened({"c2"}).in(without_leaf_set().known_as("Live")));
  const Plan plan = parked(request(), run.facts, defaults());
  EXPECT_FALSE(plan.writes());
  ASSERT_EQ(topics(plan), Topics{"failed"});
  EXPECT_EQ(plan.outputs[0].value, R"({"userId":"u1","batchId":"b1","courseId":"do_1","contents":{)"
                                   R"("c1":{"contentId":"c1","status":2,"completedCount":1,"viewCount":3,"fromInput":false,"eventsFor":[]},)"
                                   R"("c2":{"contentId":"c2","status":1,"completedCount":0,"viewCount":3,"fromInput":false,"eventsFor":[]}}})");
  EXPECT_EQ(counts_in(plan.counts), (std::map<std::string, std::uint64_t>{{"failed-events-count", 1}}));
}

TEST(Parked, WithNothingKnownTheContentsAreEmpty) {
  const Plan plan = parked(request(), Facts(), defaults());
  ASSERT_EQ(topics(plan), Topics{"failed"});
  EXPECT_EQ(plan.outputs[0].value, R"({"userId":"u1","batchId":"b1","courseId":"do_1","contents":{}})");
}

TEST(Parked, CountsAndReportsEachMessageFoldedIntoOne) {
  const Plan plan = parked(request("u1", "do_1", 2), Facts(), defaults());
  EXPECT_EQ(topics(plan), (Topics{"failed", "failed"}));
  EXPECT_EQ(plan.counts["failed-events-count"], 2u);
}

}  // namespace
}  // namespace lernd::enrolment_reconciliation
