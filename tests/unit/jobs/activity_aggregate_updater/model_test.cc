#include "unit/jobs/activity_aggregate_updater/model.h"

#include <gtest/gtest.h>

#include "support/seed.h"
#include "unit/jobs/activity_aggregate_updater/update.h"

/// Random courses, learners and messages against the algorithm of the specification, window by window.
namespace lernd::activity_aggregate_updater {
namespace {

using activity_model::Enrolment;
using activity_model::Model;
using activity_model::Outcome;

/// What the rules come to, and the enrolment afterwards.
std::pair<Outcome, Enrolment> found(const Updated& run, School school) {
  Outcome out;
  if (const Reject* reject = std::get_if<Reject>(&run.step)) {
    out.rejected = true;
    out.counts = counts_in(reject->counts);
    return {out, enrolment_in(school)};
  }
  out.events = event_names(run.plan());
  out.failed = failed_events(run.plan());
  out.counts = counts_in(run.plan().counts);
  school.apply(run.plan());
  return {out, enrolment_in(school)};
}

std::string text(const Outcome& out) {
  std::string text = out.rejected ? "rejected" : "";
  for (const auto& event : out.events) text += "\n  " + event;
  for (const auto& [name, n] : out.counts) text += "\n  " + name + " " + std::to_string(n);
  return text;
}

TEST(ActivityModel, AgreesWithTheRules) {
  const auto seed = test_seed();
  Situations situations(seed);
  std::map<std::string, int> seen;
  for (int i = 0; i < 5000; ++i) {
    const auto course = situations.course();
    const auto settings = situations.settings();
    auto enrolment = situations.enrolment();
    const School school = school_of(course, enrolment);
    const auto items = situations.items(8);
    const std::size_t messages = 1 + situations.below(3);
    const Updated run = update(school, options_of(settings), event(items, messages));
    const auto [outcome, after] = found(run, school);
    const Outcome expected = Model(course, settings).take(enrolment, items, messages);
    ASSERT_EQ(outcome, expected) << "seed " << seed << " situation " << i << text(outcome) << "\nexpected " << text(expected);
    ASSERT_EQ(after, enrolment) << "seed " << seed << " situation " << i;
    ASSERT_LE(run.rounds.size(), 5u);
    ++seen[expected.rejected ? "rejected" : expected.failed > 0 ? "failed" : expected.events.empty() ? "quiet" : expected.events.front()];
  }
  for (const auto* end : {"quiet", "certificate", "failed", "rejected", "start c0"}) EXPECT_GT(seen[end], 20) << end << " is hardly tried";
}

// With windows of one item it makes no difference which messages were waiting together.
TEST(ActivityModel, FoldedMessagesAreOneAfterTheOther) {
  const auto seed = test_seed();
  Situations situations(seed);
  int folded = 0;
  for (int i = 0; i < 2000; ++i) {
    const auto course = situations.course();
    auto settings = situations.settings();
    settings.window = 1;
    const Options options = options_of(settings);
    School together = school_of(course, situations.enrolment());
    School apart = together;
    const auto first = situations.items(4);
    const auto second = situations.items(4);
    auto both = first;
    both.insert(both.end(), second.begin(), second.end());
    const Updated fold = update(together, options, event(both, 2));
    if (!std::holds_alternative<Plan>(fold.step)) continue;
    together.apply(fold.plan());
    std::vector<std::string> events;
    std::size_t failed = 0;
    Counts counts;
    for (const auto& items : {first, second}) {
      const Updated one = update(apart, options, event(items));
      apart.apply(one.plan());
      for (const auto& name : event_names(one.plan())) events.push_back(name);
      failed += failed_events(one.plan());
      counts.add(one.plan().counts);
    }
    ASSERT_EQ(enrolment_in(together), enrolment_in(apart)) << "seed " << seed << " situation " << i;
    ASSERT_EQ(event_names(fold.plan()), events);
    ASSERT_EQ(counts_in(fold.plan().counts), counts_in(counts));
    // A record whose items are all duplicates fails only together with others.
    ASSERT_GE(failed_events(fold.plan()), failed);
    ++folded;
  }
  EXPECT_GT(folded, 1000);
}

TEST(ActivityModel, TheOrderOfRowsAndMembersNeverMatters) {
  Situations situations(test_seed());
  for (int i = 0; i < 1000; ++i) {
    const Options options = options_of(situations.settings());
    School school = school_of(situations.course(), situations.enrolment());
    const auto items = event(situations.items(6));
    const Updated before = update(school, options, items);
    school.shuffle(situations.random);
    const Updated after = update(school, options, items);
    ASSERT_EQ(after.step.index(), before.step.index());
    if (!std::holds_alternative<Plan>(before.step)) continue;
    ASSERT_EQ(after.plan().stages, before.plan().stages) << "situation " << i;
    ASSERT_EQ(event_names(after.plan()), event_names(before.plan()));
  }
}

TEST(ActivityModel, AMessageThatComesAgainCountsNothing) {
  Situations situations(test_seed());
  for (int i = 0; i < 1000; ++i) {
    auto settings = situations.settings();
    settings.dedup = true;
    auto course = situations.course();
    course.leaf["do_1"].insert("c0");
    School school = school_of(course, situations.enrolment());
    const auto items = event(situations.items(6));
    school.apply(update(school, options_of(settings), items).plan());
    const Plan again = update(school, options_of(settings), items).plan();
    ASSERT_FALSE(again.writes()) << "situation " << i;
    ASSERT_TRUE(again.outputs.empty());
    ASSERT_EQ(counts_in(again.counts), (std::map<std::string, std::uint64_t>{{"batch-enrolment-update-count", 1}}));
  }
}

TEST(ActivityModel, AnswersMayComeInAnyPortions) {
  Situations situations(test_seed());
  for (int i = 0; i < 300; ++i) {
    const Options options = options_of(situations.settings());
    const School school = school_of(situations.course(), situations.enrolment());
    const auto items = event(situations.items(6));
    const Updated expected = update(school, options, items);
    Facts facts;
    Step step = advance(items, facts, options, stamp());
    for (int round = 0; round < 200 && std::holds_alternative<Ask>(step); ++round) {
      Ask some = std::get<Ask>(step);
      std::erase_if(some.rows, [&](const auto&) { return situations.below(2) == 0; });
      std::erase_if(some.cache, [&](const auto&) { return situations.below(2) == 0; });
      school.answer(some, facts);
      step = advance(items, facts, options, stamp());
    }
    ASSERT_EQ(step, expected.step) << "situation " << i;
  }
}

}  // namespace
}  // namespace lernd::activity_aggregate_updater
