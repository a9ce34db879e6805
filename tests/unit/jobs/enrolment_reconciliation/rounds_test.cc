#include <gtest/gtest.h>

#include <algorithm>

#include "jobs/enrolment_reconciliation/rules.h"
#include "unit/jobs/enrolment_reconciliation/reconcile.h"

/// What is asked for, and what goes together in one round.
namespace lernd::enrolment_reconciliation {
namespace {

/// What is asked for in one round, sorted, each as one line.
using Lines = std::vector<std::string>;

std::string line(const RowsQuery& query) {
  std::string text = query.table.table + ":";
  for (const Cell& cell : query.key) text += " " + cell.column + "=" + *cell.value.text();
  return text;
}

Lines lines(const Ask& ask) {
  Lines lines;
  for (const RowsQuery& query : ask.rows) lines.push_back(line(query));
  for (const CacheQuery& query : ask.cache) lines.push_back(query.key + (query.attempt > 0 ? " again" : ""));
  for (const HttpQuery& query : ask.http) lines.push_back(query.service);
  std::ranges::sort(lines);
  EXPECT_EQ(std::ranges::adjacent_find(lines), lines.end()) << "asked for twice in one round";
  return lines;
}

std::vector<Lines> rounds(const School& school, const Options& options = defaults()) {
  std::vector<Lines> rounds;
  for (const Ask& ask : reconcile(school, options).rounds) rounds.push_back(lines(ask));
  return rounds;
}

const std::string kConsumption = "user_content_consumption: userid=u1 courseid=do_1 batchid=b1";
const std::string kEnrolment = "user_enrolments: userid=u1 courseid=do_1 batchid=b1";

School partly() {
  return learner("u1").finished({"c1"}).started({"c2"}).enrolled().in(
      course("do_1").leaf_nodes({"c1", "c2", "c3"}).unit("m1", {"c1", "c2"}).unit("m2", {"c2"}).unit("m3", {"c3"}));
}

TEST(Rounds, ThreeOfThem) {
  EXPECT_EQ(rounds(partly()), (std::vector<Lines>{{"do_1:do_1:leafnodes", "do_1:do_1:optionalnodes", kConsumption, kEnrolment},
                                                  {"do_1:c1:ancestors", "do_1:c2:ancestors"},
                                                  {"do_1:m1:leafnodes", "do_1:m1:optionalnodes", "do_1:m2:leafnodes", "do_1:m2:optionalnodes"}}));
}

TEST(Rounds, TheFirstIsAllForALearnerWithoutConsumption) {
  EXPECT_EQ(rounds(learner("u1").enrolled().in(course("do_1"))),
            (std::vector<Lines>{{"do_1:do_1:leafnodes", "do_1:do_1:optionalnodes", kConsumption, kEnrolment}}));
}

TEST(Rounds, WithoutOptionalNodesNoOptionalSets) {
  Options options = defaults();
  options.relation_cache.optional_nodes = false;
  EXPECT_EQ(rounds(partly(), options),
            (std::vector<Lines>{
                {"do_1:do_1:leafnodes", kConsumption, kEnrolment}, {"do_1:c1:ancestors", "do_1:c2:ancestors"}, {"do_1:m1:leafnodes", "do_1:m2:leafnodes"}}));
}

TEST(Rounds, WithoutUnitAggregatesNoUnits) {
  Options options = defaults();
  options.unit_aggregates = false;
  EXPECT_EQ(rounds(partly(), options), (std::vector<Lines>{{"do_1:do_1:leafnodes", "do_1:do_1:optionalnodes", kConsumption, kEnrolment}}));
}

TEST(Rounds, WithoutTheFilterTheEnrolmentIsNotRead) {
  Options options = defaults();
  options.skip_processed = false;
  EXPECT_EQ(rounds(partly(), options)[0], (Lines{"do_1:do_1:leafnodes", "do_1:do_1:optionalnodes", kConsumption}));
}

TEST(Rounds, ACourseWithoutLeafSetTakesTwoMore) {
  const auto school = learner("u1").finished({"c1"}).enrolled().in(course("do_1").unit("m1", {"c1"}).known_as("Retired"));
  EXPECT_EQ(rounds(school), (std::vector<Lines>{{"do_1:do_1:leafnodes", "do_1:do_1:optionalnodes", kConsumption, kEnrolment},
                                                {"do_1:do_1:leafnodes again"},
                                                {"search"},
                                                {"do_1:c1:ancestors"},
                                                {"do_1:m1:leafnodes", "do_1:m1:optionalnodes"}}));
}

TEST(Rounds, AnUnpublishedCourseEndsWithTheSearch) {
  const auto school = learner("u1").finished({"c1"}).enrolled().in(course("do_1").unit("m1", {"c1"}).known_as("Live"));
  EXPECT_EQ(rounds(school).size(), 3u);
}

TEST(Rounds, OnlyTheColumnsThatAreNeededAreRead) {
  const auto first = reconcile(partly()).rounds[0];
  ASSERT_EQ(first.rows.size(), 2u);
  EXPECT_EQ(first.rows[0].columns, (std::vector<std::string>{"contentid", "status", "viewcount", "completedcount"}));
  EXPECT_EQ(first.rows[1].columns, (std::vector<std::string>{"status"}));
}

TEST(Rounds, TheSearchCallIsTheOneOfTheSpecification) {
  Options options = defaults();
  options.status_remembered = std::chrono::seconds(90);
  const auto run = reconcile(learner("u1").finished({"c1"}).in(course("do_1").known_as("Live")), options);
  ASSERT_EQ(run.rounds.back().http.size(), 1u);
  const HttpQuery& query = run.rounds.back().http[0];
  EXPECT_EQ(query.method, "POST");
  EXPECT_EQ(query.url, "http://11.2.6.6/search/v3/search");
  EXPECT_EQ(query.headers, (std::vector<Header>{{"Content-Type", "application/json"}}));
  EXPECT_EQ(query.body,
            R"({"request":{"filters":{"objectType":"Collection","identifier":"do_1","status":["Live","Unlisted","Retired"]},"fields":["status"]}})");
  EXPECT_EQ(query.remember, std::chrono::seconds(90));
}

TEST(Rounds, AnswersMayComeInAnyPortions) {
  const School school = partly();
  const Plan expected = reconcile(school).plan();
  std::mt19937_64 random(7);
  for (int run = 0; run < 200; ++run) {
    Facts facts;
    Step step = advance(request(), facts, defaults(), stamp());
    for (int round = 0; round < 200 && std::holds_alternative<Ask>(step); ++round) {
      Ask some = std::get<Ask>(step);
      std::erase_if(some.rows, [&](const auto&) { return random() % 2 == 0; });
      std::erase_if(some.cache, [&](const auto&) { return random() % 2 == 0; });
      school.answer(some, facts);
      step = advance(request(), facts, defaults(), stamp());
    }
    ASSERT_TRUE(std::holds_alternative<Plan>(step));
    ASSERT_EQ(std::get<Plan>(step), expected);
  }
}

}  // namespace
}  // namespace lernd::enrolment_reconciliation
