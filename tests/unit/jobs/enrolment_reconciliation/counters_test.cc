#include <gtest/gtest.h>

#include "jobs/enrolment_reconciliation/rules.h"
#include "unit/jobs/enrolment_reconciliation/reconcile.h"

/// Section 8.
namespace lernd::enrolment_reconciliation {
namespace {

using Counters = std::map<std::string, std::uint64_t>;

Counters counted(const School& school, const Options& options = defaults()) { return counts_in(reconcile(school, options).plan().counts); }

TEST(Counters, OfACompletion) {
  // Look-ups: course leaf and optional set, two ancestor sets, leaf and optional sets of two units; the three optional sets are not there.
  const auto school = learner("u1").finished({"c1", "c2"}).enrolled().in(course("do_1").leaf_nodes({"c1", "c2"}).unit("m1", {"c1"}).unit("m2", {"c2"}));
  EXPECT_EQ(counted(school), (Counters{{"db-read-count", 2},
                                       {"db-update-count", 2},
                                       {"cache-hit-count", 8},
                                       {"cache-miss-count", 3},
                                       {"enrolment-complete-count", 1},
                                       {"cert-issue-events-count", 1}}));
}

TEST(Counters, OfAnUpdate) {
  const auto school = learner("u1").finished({"c1"}).enrolled().in(course("do_1").leaf_nodes({"c1", "c2"}).optional_nodes({"c9"}));
  EXPECT_EQ(counted(school), (Counters{{"db-read-count", 2}, {"db-update-count", 2}, {"cache-hit-count", 3}, {"cache-miss-count", 1}}));
}

TEST(Counters, ALearnerWithoutConsumptionCostsOneReadAndNoLookUp) {
  EXPECT_EQ(counted(learner("u1").enrolled().in(course("do_1").leaf_nodes({"c1"}))), (Counters{{"db-read-count", 1}}));
}

TEST(Counters, UpdatesAreCountedByBatchNotByRow) {
  const auto course_1 = course("do_1").leaf_nodes({"c1", "c2"}).unit("m1", {"c1"}).unit("m2", {"c1"}).unit("m3", {"c1"});
  for (const auto& [rows, batches] : std::map<std::size_t, std::uint64_t>{{1, 5}, {2, 3}, {3, 3}, {4, 2}, {10, 2}}) {
    Options options = defaults();
    options.write_group_rows = rows;
    EXPECT_EQ(counted(learner("u1").finished({"c1"}).enrolled().in(course_1), options)["db-update-count"], batches) << rows;
  }
}

TEST(Counters, AnEnrolmentThatIsLeftAloneIsReadNotWritten) {
  const auto counts = counted(learner("u1").finished({"c1"}).enrolled(2).in(course("do_1").leaf_nodes({"c1"})));
  EXPECT_EQ(counts, (Counters{{"db-read-count", 2}, {"db-update-count", 1}, {"cache-hit-count", 3}, {"cache-miss-count", 2}}));
}

TEST(Counters, WithoutTheFilterThereIsOneRead) {
  Options options = defaults();
  options.skip_processed = false;
  EXPECT_EQ(counted(learner("u1").finished({"c1"}).in(course("do_1").leaf_nodes({"c1"})), options)["db-read-count"], 1u);
}

TEST(Counters, WithoutOptionalNodesTheirLookUpsAreNotCounted) {
  Options options = defaults();
  options.relation_cache.optional_nodes = false;
  const auto counts = counted(learner("u1").finished({"c1"}).enrolled(2).in(course("do_1").leaf_nodes({"c1"}).unit("m1", {"c1"})), options);
  EXPECT_EQ(counts, (Counters{{"db-read-count", 2}, {"db-update-count", 1}, {"cache-hit-count", 3}}));
}

TEST(Counters, OfARetiredCourse) {
  // Look-ups: the missing leaf set (once, however often it was read), one ancestor set, leaf and optional set of the unit. The enrolment read ahead is none.
  const auto school = learner("u1").finished({"c1"}).enrolled().in(course("do_1").unit("m1", {"c1"}).known_as("Retired"));
  EXPECT_EQ(counted(school),
            (Counters{{"db-read-count", 1}, {"db-update-count", 1}, {"cache-hit-count", 4}, {"cache-miss-count", 2}, {"retired-consumption-events-count", 1}}));
}

TEST(Counters, OfAnErrorAreTheStepsTakenSoFar) {
  for (const Course& bad : {course("do_1").known_as("Live"), course("do_1").search_answers(500, "")}) {
    const auto reject = reconcile(learner("u1").finished({"c1"}).enrolled().in(bad)).reject();
    EXPECT_EQ(counts_in(reject.counts), (Counters{{"db-read-count", 1}, {"cache-hit-count", 1}, {"cache-miss-count", 1}}))
        << "the failure itself is counted when the message is parked";
  }
}

TEST(Counters, StepsOfFoldedMessagesAreCountedOnce) {
  const auto school = learner("u1").finished({"c1"}).enrolled().in(course("do_1").leaf_nodes({"c1"}));
  EXPECT_EQ(reconcile(school, defaults(), request("u1", "do_1", 10)).plan(), reconcile(school).plan());
}

}  // namespace
}  // namespace lernd::enrolment_reconciliation
