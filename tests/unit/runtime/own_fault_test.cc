// A record whose own fault a service tells of, and what it does not stop.
#include <gtest/gtest.h>

#include "runtime/dead_letter.h"
#include "world.h"

namespace lernd {
namespace {

using Texts = std::vector<std::string>;

/// What fails of accounts that begin with `o` is their own fault.
class OwnFaults final : public ToyJob {
 public:
  Step advance(const Event& event, const Facts& facts, const Stamp& stamp) const override {
    Step step = ToyJob::advance(event, facts, stamp);
    if (Reject* reject = std::get_if<Reject>(&step)) {
      reject->own_fault = static_cast<const Addition&>(event).account.starts_with('o');
      reject->counts.add("missed");
    }
    return step;
  }
};

TEST(OwnFault, IsParkedWhateverThePolicyOnceItsRetriesAreUsedUp) {
  World world;
  ASSERT_EQ(world.options.on_exhausted, OnExhausted::stop);
  world.options.retry.attempts_max = 3;
  world.answer("/o1", 404);
  world.produce({"o1 ask", "b 1", "o1 5"});
  ASSERT_TRUE(world.live(OwnFaults()).has_value());
  EXPECT_EQ(world.values("failed"), (Texts{"o1"}));
  EXPECT_EQ(world.values("sums"), (Texts{"b 1", "o1 5"}));
  ASSERT_EQ(world.records("dlq").size(), 1u);
  EXPECT_EQ(text_of(world.records("dlq")[0].headers, dead_letter_header::kAttempt), "3");
  EXPECT_EQ(world.metrics.counts["missed"], 1u) << "counted once, not for every attempt";
}

TEST(OwnFault, ThatPassesIsNone) {
  World world;
  world.answer({HttpStub{.method = "GET", .path = "/o1", .times = 2, .status = 404, .body = ""}, HttpStub{.method = "GET", .path = "/o1", .body = ""}});
  world.produce({"o1 ask"});
  ASSERT_TRUE(world.live(OwnFaults()).has_value());
  EXPECT_EQ(world.values("sums"), (Texts{"o1 0"}));
  EXPECT_TRUE(world.values("dlq").empty());
  EXPECT_EQ(world.metrics.counts["missed"], 0u);
}

TEST(OwnFault, OfMostRecordsHoldsNobodyBack) {
  World world;
  world.options.on_exhausted = OnExhausted::dead_letter;
  world.options.retry.attempts_max = 2;
  Texts values;
  for (int i = 0; i < 30; ++i) values.push_back(fmt::format("o{} ask", i));
  values.push_back("service ask");
  world.produce(values);  // nobody answers: 404
  ASSERT_TRUE(world.live(OwnFaults()).has_value());
  EXPECT_EQ(world.records("dlq").size(), 31u);
}

TEST(OwnFault, DoesNotHideThatTheServiceFailsForAnother) {
  World world;
  world.options.retry.attempts_max = 2;
  world.produce({"o1 ask", "service ask"});
  ASSERT_FALSE(world.live(OwnFaults()).has_value());
  EXPECT_TRUE(world.records("dlq").empty()) << "the partition stopped before it was committed";
}

}  // namespace
}  // namespace lernd
