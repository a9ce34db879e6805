#include "runtime/worker.h"

#include <atomic>

#include "runtime/dead_letter.h"
#include "world.h"

namespace lernd {
namespace {

using Texts = std::vector<std::string>;

std::int64_t sum_of(World& world, const std::string& account) {
  const Rows rows = world.rows(ToyJob::kTable);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i]["account"] == Value(account)) return *rows[i]["sum"].integer();
  }
  return -1;
}

TEST(Worker, AddsUpInOrderWithinOneKey) {
  World world;
  world.produce({"a 1", "b 10", "a 2", "a 3", "b 20"});
  ASSERT_TRUE(world.live(ToyJob()).has_value());
  EXPECT_EQ(world.values("sums"), (Texts{"a 1", "b 10", "a 3", "a 6", "b 30"}));
  EXPECT_EQ(world.metrics.counts["received"], 5u);
  EXPECT_EQ(world.metrics.counts["added"], 5u);
  EXPECT_EQ(world.status.records_done, 5u);
  EXPECT_TRUE(world.rows({"toy", "journal"}).empty());
}

TEST(Worker, FoldsWhatWaitsForOneKey) {
  World world;
  world.produce({"a 1", "b 10", "a 2", "a 3", "b 20"});
  ASSERT_TRUE(world.live(ToyJob(true)).has_value());
  EXPECT_EQ(world.values("sums"), (Texts{"a 6", "b 30"}));
  EXPECT_EQ(world.metrics.counts["received"], 5u);
}

TEST(Worker, OneBadRecordStopsNobody) {
  World world;
  world.produce({"a 1", "nonsense", "b bad", "a 2"});
  ASSERT_TRUE(world.live(ToyJob()).has_value());
  EXPECT_EQ(world.values("sums"), (Texts{"a 1", "a 3"}));
  EXPECT_EQ(world.values("failed"), (Texts{"b"}));
  const auto letters = world.records("dlq");
  ASSERT_EQ(letters.size(), 2u);
  EXPECT_EQ(letters[0].value, "nonsense");
  EXPECT_EQ(text_of(letters[0].headers, dead_letter_header::kException), "skip.malformed_record");
  EXPECT_EQ(text_of(letters[0].headers, dead_letter_header::kOffset), "1");
  EXPECT_EQ(letters[1].value, "b bad");
  EXPECT_EQ(text_of(letters[1].headers, dead_letter_header::kException), "reject.unpublished_course");
  EXPECT_EQ(text_of(letters[1].headers, dead_letter_header::kTopic), "in");
  EXPECT_EQ(world.metrics.counts["skipped"], 1u);
  EXPECT_EQ(world.metrics.counts["failed"], 1u);
}

/// Sends a failed event for a record that gives no event, and says with each sum where the record lay.
class TellingJob : public ToyJob {
 public:
  Plan skipped(const Skip& skip, const Origin& origin) const override {
    Plan plan;
    plan.outputs.push_back({.topic = "failed", .key = {}, .value = fmt::format("{} at {}", name_of(skip.error.code), text_of(origin)), .headers = {}});
    plan.counts.add("refused");
    return plan;
  }
  Step advance(const Event& event, const Facts& facts, const Stamp& stamp) const override {
    Step step = ToyJob::advance(event, facts, stamp);
    if (Plan* plan = std::get_if<Plan>(&step)) *plan->outputs[0].value += " at " + text_of(stamp.origin);
    return step;
  }

 private:
  static std::string text_of(const Origin& origin) { return fmt::format("{} {}:{}", origin.source.topic, origin.source.partition, origin.offset.value); }
};

TEST(Worker, WhatASkippedRecordLeavesBehindIsTheJobsAffair) {
  World world;
  world.options.record_bytes_max = 10;
  world.produce({"a 1", "nonsense", "a 2", "a 12345678901234567890"});
  ASSERT_TRUE(world.live(TellingJob()).has_value());
  EXPECT_EQ(world.values("sums"), (Texts{"a 1 at in 0:0", "a 3 at in 0:2"}));
  EXPECT_EQ(world.values("failed"), (Texts{"malformed_record at in 0:1", "oversized_record at in 0:3"}));
  EXPECT_EQ(world.records("dlq").size(), 2u);
  EXPECT_EQ(world.metrics.counts["refused"], 2u);
  EXPECT_EQ(world.metrics.counts["skipped"], 0u);
}

TEST(Worker, RefusesAnOversizedRecordAndGoesOn) {
  World world;
  world.options.record_bytes_max = 10;
  world.produce({"a 1", "a 12345678901234567890", "a 2"});
  ASSERT_TRUE(world.live(ToyJob()).has_value());
  EXPECT_EQ(sum_of(world, "a"), 3);
  ASSERT_EQ(world.records("dlq").size(), 1u);
  EXPECT_EQ(text_of(world.records("dlq")[0].headers, dead_letter_header::kException), "skip.oversized_record");
}

TEST(Worker, LeavesOutAValueThatTheDeadLetterTopicDoesNotTake) {
  World world;
  world.value_bytes_max = 1'000'000;
  const std::string large(1'000'001, 'x');
  const std::string fitting(900'000, 'y');
  world.produce({"a 1", large, fitting, "a 2"});
  ASSERT_TRUE(world.live(ToyJob()).has_value());
  EXPECT_EQ(sum_of(world, "a"), 3);
  const auto letters = world.records("dlq");
  ASSERT_EQ(letters.size(), 2u);
  EXPECT_FALSE(letters[0].value.has_value());
  EXPECT_EQ(text_of(letters[0].headers, dead_letter_header::kValueLeftOut), "1000001 bytes");
  EXPECT_EQ(text_of(letters[0].headers, dead_letter_header::kOffset), "1");
  EXPECT_EQ(letters[1].value, fitting);
  EXPECT_EQ(text_of(letters[1].headers, dead_letter_header::kValueLeftOut), "(absent)");
}

TEST(Worker, StopsAPartitionWhoseOutputNoTopicTakes) {
  World world;
  world.value_bytes_max = 2;  // a sum has three
  world.produce({"a 1"});
  ASSERT_FALSE(world.live(ToyJob()).has_value());
  EXPECT_TRUE(world.values("sums").empty());
}

TEST(Worker, TellsOfRemarksOnceAMinute) {
  World world;
  world.produce({"a odd", "b odd", "a 1", "c odd"});
  ASSERT_TRUE(world.live(ToyJob()).has_value());
  EXPECT_EQ(world.log_of_remarks.lines, (Texts{"an odd addition job=toy about=a left_out=0"}));
}

TEST(Worker, TellsHowManyRemarksItLeftOut) {
  World world;
  world.options.poll.records = 3;
  world.produce({"a odd", "b odd", "c odd"});
  for (int i = 0; i < 200; ++i) world.produce({"d 1"});
  world.produce({"e odd"});
  ASSERT_TRUE(world.live(ToyJob()).has_value());
  EXPECT_EQ(world.log_of_remarks.lines, (Texts{"an odd addition job=toy about=a left_out=0", "an odd addition job=toy about=e left_out=2"}));
}

TEST(Worker, TellsEveryLineForAudit) {
  World world;
  world.produce({"a audited", "b audited", "a 1", "c audited"});
  ASSERT_TRUE(world.live(ToyJob()).has_value());
  EXPECT_EQ(world.log_of_remarks.lines,
            (Texts{"an audited addition job=toy about=a at 1", "an audited addition job=toy about=b at 1", "an audited addition job=toy about=c at 1"}));
}

TEST(Worker, WarnsOfWhatCouldNotBeDoneAlsoFromTheJournal) {
  World world;
  world.produce({"a missed"});
  ASSERT_FALSE(world.live(ToyJob(), {.calls_left = 2, .when = Death::When::after}).has_value());
  ASSERT_TRUE(world.live(ToyJob()).has_value());
  EXPECT_EQ(world.log_of_remarks.warnings, Texts{"a missed addition job=toy about=a"});
  EXPECT_TRUE(world.log_of_remarks.lines.empty());
}

TEST(Worker, TellsTheAuditOfARepeatedPlanAsItWas) {
  std::size_t deaths = 0;
  for (int calls = 0;; ++calls) {
    World world;
    world.produce({"a audited", "b audited"});
    if (world.live(ToyJob(), {.calls_left = calls, .when = Death::When::before}).has_value()) break;
    ++deaths;
    EXPECT_TRUE(world.log_of_remarks.lines.empty()) << "nothing is committed";
    ASSERT_TRUE(world.live(ToyJob()).has_value());
    EXPECT_EQ(world.log_of_remarks.lines, (Texts{"an audited addition job=toy about=a at 1", "an audited addition job=toy about=b at 1"})) << calls;
  }
  EXPECT_GE(deaths, 4u) << "journal, two stages, commit";
}

/// How often tables were read so far, to be waited for.
struct Reads {
  explicit Reads(World& world) {
    world.on_read = [this] {
      ++count;
      count.notify_all();
    };
  }
  std::atomic<int> count = 0;
};

TEST(Worker, AsksForTheNextBatchWhileItCommitsTheLast) {
  World world;
  world.options.poll.records = 1;
  world.options.journalled = false;
  world.produce({"a 1", "a 2", "a 3"});
  Reads reads(world);
  int commits = 0;
  world.on_commit = [&] {
    // The last has no successor. Without the look ahead this waits for ever.
    if (++commits < 3) reads.count.wait(commits);
  };
  ASSERT_TRUE(world.live(ToyJob()).has_value());
  EXPECT_EQ(world.values("sums"), (Texts{"a 1", "a 3", "a 6"}));
}

TEST(Worker, AsksAgainWhenTheCommitTookLong) {
  for (const auto took : {std::chrono::milliseconds(500), std::chrono::milliseconds(1500)}) {
    World world;
    world.options.poll.records = 1;
    world.options.journalled = false;
    world.produce({"a 1", "a 2"});
    Reads reads(world);
    int commits = 0;
    world.on_commit = [&] {
      if (++commits > 1) return;
      reads.count.wait(1);
      world.clock.sleep(took);
    };
    ASSERT_TRUE(world.live(ToyJob()).has_value());
    EXPECT_EQ(world.values("sums"), (Texts{"a 1", "a 3"}));
    EXPECT_EQ(reads.count, took > std::chrono::seconds(1) ? 3 : 2);
  }
}

TEST(Worker, ForgetsWhatItLookedAtWhenTheCommitFails) {
  World world;
  world.options.poll.records = 1;
  world.produce({"a 1", "a 2", "b 5", "a 3"});
  ASSERT_TRUE(world.live(ToyJob(), {}, 0, 3).has_value());
  EXPECT_EQ(world.values("sums"), (Texts{"a 1", "a 3", "b 5", "a 6"}));
  EXPECT_EQ(world.metrics.counts["added"], 4u);
}

TEST(Worker, MeetsAFaultAgainUntilItPasses) {
  World world;
  world.produce({"a 1", "b 2", "a 3"});
  ASSERT_TRUE(world.live(ToyJob(), {}, 3, 2).has_value());
  EXPECT_EQ(world.values("sums"), (Texts{"a 1", "b 2", "a 4"}));
  EXPECT_TRUE(world.values("dlq").empty());
}

TEST(Worker, TellsOfEachFaultAndWhichAttemptItWas) {
  World world;
  world.options.retry.attempts_max = 3;
  world.answer("/a", 500);
  world.produce({"a ask"});
  ASSERT_FALSE(world.live(ToyJob()).has_value());
  EXPECT_EQ(world.log_of_remarks.warnings, Texts{"a step failed job=toy fault=the toy service did not answer 200 attempt=1 of 3 left_out=0"})
      << "the other attempts follow within the five seconds of a line";
}

TEST(Worker, StopsAPartitionWhoseRetriesAreUsedUpAndLosesNothing) {
  World world(2);
  world.answer("/a", 500);
  world.produce({"a ask", "a 5"}, 0);
  world.produce({"b 1", "b 2"}, 1);
  const auto stopped = world.live(ToyJob());
  ASSERT_FALSE(stopped.has_value());
  EXPECT_NE(stopped.error().text.find("lernd.on_exhausted"), std::string::npos);
  EXPECT_EQ(world.values("sums"), (Texts{"b 1", "b 3"}));

  world.answer("/a", 200);
  ASSERT_TRUE(world.live(ToyJob()).has_value());
  EXPECT_EQ(world.values("sums"), (Texts{"b 1", "b 3", "a 0", "a 5"}));
}

TEST(Worker, ParksARecordWhenTold) {
  World world;
  world.options.on_exhausted = OnExhausted::dead_letter;
  world.options.retry.attempts_max = 2;
  world.answer("/a", 500);
  world.produce({"a ask", "a 5", "b 1"});
  ASSERT_TRUE(world.live(ToyJob()).has_value());
  EXPECT_EQ(world.values("failed"), (Texts{"a"}));
  EXPECT_EQ(world.values("sums"), (Texts{"a 5", "b 1"}));
  ASSERT_EQ(world.records("dlq").size(), 1u);
  EXPECT_EQ(text_of(world.records("dlq")[0].headers, dead_letter_header::kException), "retry.bad_answer");
  EXPECT_EQ(text_of(world.records("dlq")[0].headers, dead_letter_header::kAttempt), "2");
}

TEST(Worker, HoldsBackInsteadOfFloodingTheDeadLetterTopic) {
  World world;
  world.options.on_exhausted = OnExhausted::dead_letter;
  world.options.retry.attempts_max = 2;
  Texts values;
  for (int i = 0; i < 30; ++i) values.push_back(fmt::format("k{} 1", i));
  world.produce(values);
  // Every attempt of the first minutes fails; had the records been parked after two, they would be in the dead-letter topic.
  ASSERT_TRUE(world.live(ToyJob(), {}, 40).has_value());
  EXPECT_TRUE(world.values("dlq").empty());
  EXPECT_EQ(world.values("sums").size(), 30u);
}

TEST(Worker, AFatalFaultStopsBeforeAnythingIsCommitted) {
  World world;
  world.produce({"a 1"});
  const auto dead = world.live(ToyJob(), {.calls_left = 0, .when = Death::When::before});
  ASSERT_FALSE(dead.has_value());
  EXPECT_EQ(dead.error().treatment, Treatment::fatal);
  EXPECT_TRUE(world.values("sums").empty());
}

TEST(Worker, AJournalEntryOfATopicMadeAnewIsDropped) {
  World world;
  world.produce({"a 1"});
  ASSERT_FALSE(world.live(ToyJob(), {.calls_left = 2, .when = Death::When::after}).has_value());
  ASSERT_EQ(world.rows({"toy", "journal"}).size(), 1u);
  // The same place of the topic now holds another record.
  World anew;
  anew.produce({"z 9"});
  const Rows left = world.rows({"toy", "journal"});
  anew.put_journal(left);
  ASSERT_TRUE(anew.live(ToyJob()).has_value());
  EXPECT_EQ(anew.values("sums"), (Texts{"z 9"}));
}

}  // namespace
}  // namespace lernd
