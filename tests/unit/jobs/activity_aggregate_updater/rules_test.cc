#include "jobs/activity_aggregate_updater/rules.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/json.h"
#include "unit/jobs/activity_aggregate_updater/update.h"

/// What the model does not show: the order of effects, their shape, and what is asked for.
namespace lernd::activity_aggregate_updater {
namespace {

using activity_model::Course;
using activity_model::Enrolment;
using Lines = std::vector<std::string>;

Course course() { return {.leaf = {{"do_1", {"c1", "c2"}}, {"m1", {"c1"}}}, .optional = {}, .ancestors = {{"c1", {"do_1", "m1"}}, {"c2", {"do_1"}}}}; }

Enrolment enrolment() {
  return {.contents = {{"c1", {2, 1, 0}}, {"c2", {2, 1, 1}}}, .row = activity_model::EnrolmentRow{.status = 1}, .aggregates = {}, .fingerprints = {}};
}

/// One line for each stage: what it writes to, and how many groups.
Lines stages(const Plan& plan) {
  Lines lines;
  for (const WriteStage& stage : plan.stages) {
    const auto* rows = std::get_if<RowGroup>(&stage.front());
    lines.push_back((rows != nullptr ? rows->front().table.table : std::get<CacheGroup>(stage.front()).front().cache.endpoint) + " " +
                    std::to_string(stage.size()));
  }
  return lines;
}

TEST(ActivityRules, EffectsAreInOrder) {
  Options options = defaults();
  options.write_group_rows = 1;
  const Plan plan = update(school_of(course(), enrolment()), options, event({"c2", "c1"})).plan();
  EXPECT_EQ(stages(plan), (Lines{"user_content_consumption 2", "user_activity_agg 2", "user_enrolments 1", "dedup-redis 1"}));
  EXPECT_EQ(event_names(plan), (Lines{"certificate", "enrol-complete", "complete c1"}));
}

TEST(ActivityRules, StatusesOfContentsAreNotWritten) {
  const Plan plan = update(school_of(course(), enrolment()), defaults(), event({"c1", "c3"})).plan();
  for (const RowWrite& row : std::get<RowGroup>(plan.stages[0][0])) {
    EXPECT_EQ(row.kind, RowWrite::Kind::update);
    EXPECT_EQ(row.set.size(), 2u);
  }
}

TEST(ActivityRules, EveryEventHasIdsOfItsOwn) {
  const Plan plan = update(school_of(course(), {}), defaults(), event({"c1", "c2"})).plan();
  std::set<std::string> mids;
  for (const OutputRecord& record : plan.outputs) {
    const auto document = JsonDocument::parse(*record.value);
    mids.insert(std::string(*document->root().find("mid")->text()));
    EXPECT_FALSE(record.key);
    EXPECT_TRUE(record.headers.empty());
  }
  EXPECT_EQ(plan.outputs.size(), 4u);
  EXPECT_EQ(mids.size(), 4u);
}

TEST(ActivityRules, ThreeRounds) {
  const Updated run = update(school_of(course(), enrolment()), defaults(), event({"c1", "c2", "c1"}));
  ASSERT_EQ(run.rounds.size(), 3u);
  EXPECT_EQ(run.rounds[0].rows.size(), 2u);
  EXPECT_EQ(run.rounds[0].cache.size(), 4u) << "two fingerprints, leaf and optional set";
  EXPECT_EQ(run.rounds[1].cache.size(), 2u);
  EXPECT_EQ(run.rounds[2].cache.size(), 2u);
}

TEST(ActivityRules, ManyWindowsTakeNoMoreRounds) {
  Options options = defaults();
  options.window_items = 1;
  std::vector<std::string> items;
  Course wide = course();
  for (int i = 0; i < 50; ++i) {
    items.push_back("x" + std::to_string(i));
    wide.ancestors[items.back()] = {"do_1", "u" + std::to_string(i)};
  }
  School school = school_of(wide, {});
  const Updated run = update(school, options, event(items));
  EXPECT_EQ(run.rounds.size(), 3u);
  EXPECT_EQ(run.plan().counts["processed-enrolment-count"], 50u);
}

TEST(ActivityRules, DuplicatesAloneWaitForNothingElse) {
  Enrolment seen = enrolment();
  seen.fingerprints = {"c1"};
  Course unknown = course();
  unknown.leaf.clear();
  const Updated run = update(school_of(unknown, seen), defaults(), event({"c1"}, 2));
  EXPECT_EQ(run.rounds.size(), 1u) << "a course without a leaf set would take more";
  EXPECT_EQ(counts_in(run.plan().counts), (std::map<std::string, std::uint64_t>{{"batch-enrolment-update-count", 2}}));
}

TEST(ActivityRules, ARejectSaysWhatIsKnown) {
  Course gone = course();
  gone.leaf.erase("do_1");
  gone.search = "Live";
  const auto finished = event({"c1", "c3"}, 2);
  const Updated run = update(school_of(gone, enrolment()), defaults(), finished);
  ASSERT_TRUE(std::holds_alternative<Reject>(run.step));
  EXPECT_EQ(std::get<Reject>(run.step).error.code, ErrorCode::unpublished_course);
  const Plan plan = parked(finished, run.facts, defaults());
  EXPECT_FALSE(plan.writes());
  ASSERT_EQ(plan.outputs.size(), 2u);
  EXPECT_EQ(plan.outputs[0], plan.outputs[1]);
  EXPECT_EQ(plan.outputs[0].topic, "failed");
  EXPECT_EQ(*plan.outputs[0].value,
            R"({"userId":"u1","batchId":"b1","courseId":"do_1","contents":{)"
            R"("c1":{"contentId":"c1","status":2,"completedCount":1,"viewCount":2,"fromInput":true,"eventsFor":["complete"]},)"
            R"("c2":{"contentId":"c2","status":2,"completedCount":1,"viewCount":1,"fromInput":false,"eventsFor":[]},)"
            R"("c3":{"contentId":"c3","status":2,"completedCount":1,"viewCount":1,"fromInput":true,"eventsFor":["start","complete"]}}})");
  EXPECT_EQ(counts_in(plan.counts), (std::map<std::string, std::uint64_t>{{"batch-enrolment-update-count", 2}, {"failed-events-count", 2}}));
}

TEST(ActivityRules, AFinishedContentWhoseRowIsNotIsRemarkedOn) {
  const Plan plan = update(school_of(course(), enrolment()), defaults(), event({"c1", "c3"})).plan();
  EXPECT_EQ(plan.remarks,
            (std::vector<Remark>{{"a content is finished, but its row is not: progress may go back", "user u1, course do_1, batch b1, content c3"}}));
}

TEST(ActivityRules, ACourseOfOptionalContentsAloneIsRemarkedOn) {
  Course optional = course();
  optional.optional = {{"do_1", {"c1", "c2"}}};
  const Plan plan = update(school_of(optional, enrolment()), defaults(), event({"c1"})).plan();
  EXPECT_EQ(event_names(plan).front(), "certificate");
  EXPECT_EQ(plan.remarks, (std::vector<Remark>{{course_progress::kNothingRequired, "user u1, course do_1, batch b1"}}));
}

TEST(ActivityRules, ParkedWithoutFactsNamesTheItems) {
  const Plan plan = parked(event({"c1"}), Facts(), defaults());
  ASSERT_EQ(plan.outputs.size(), 1u);
  EXPECT_TRUE(plan.outputs[0].value->contains(R"("contents":{"c1":)"));
}

}  // namespace
}  // namespace lernd::activity_aggregate_updater
