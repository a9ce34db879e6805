// Events of different keys that find the same document.
#include <gtest/gtest.h>

#include "fake_index.h"
#include "world.h"

namespace lernd {
namespace {

/// Hands a document over: every `<account>` in it becomes `<account>'`. Emits the document as it was when the plan was made.
class Handover final : public ToyJob {
 public:
  Step advance(const Event& event, const Facts& facts, const Stamp&) const override {
    const Addition& one = static_cast<const Addition&>(event);
    const DocumentId id{"batch", one.what};
    Ask ask;
    const StoredDocument* document = facts.document(id, ask);
    if (ask.pending()) return ask;
    Plan plan;
    plan.stages.push_back({DocumentGroup{{.document = id, .from = one.account, .to = one.account + "'"}}});
    plan.outputs.push_back({.topic = "sums", .key = {}, .value = document->source, .headers = {}});
    return plan;
  }
};

using Texts = std::vector<std::string>;

TEST(SharedDocument, IsChangedByOneEventAfterTheOther) {
  for (const bool journalled : {true, false}) {
    World world;
    FakeIndex index;
    world.search = &index;
    world.options.journalled = journalled;
    index.set("1", R"({"who":["a","b","c"]})");
    index.set("2", R"({"who":["d"]})");
    world.produce({"a 1", "b 1", "d 2", "c 1"});
    ASSERT_TRUE(world.live(Handover()).has_value());
    EXPECT_EQ(world.values("sums"), (Texts{R"({"who":["a","b","c"]})", R"({"who":["a'","b","c"]})", R"({"who":["d"]})", R"({"who":["a'","b'","c"]})"}));
    EXPECT_EQ(index.source("1"), R"({"who":["a'","b'","c'"]})");
  }
}

TEST(SharedDocument, OfAJobWithoutAnIndexStopsIt) {
  World world;
  world.produce({"a 1"});
  const auto result = world.live(Handover());
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().treatment, Treatment::fatal);
  EXPECT_NE(result.error().text.find("names no index"), std::string::npos) << result.error().text;
}

TEST(SharedDocument, IsChangedInTheEndByAnIndexThatWasAway) {
  World world;
  FakeIndex index;
  world.search = &index;
  index.set("1", R"({"who":["a"]})");
  int faults = 3;
  index.fault = [&](const DocumentId&) -> Result<bool> {
    if (faults-- > 0) return fail(Treatment::retry, ErrorCode::unavailable, "the index is read-only");
    return true;
  };
  world.produce({"a 1"});
  ASSERT_TRUE(world.live(Handover()).has_value());
  EXPECT_EQ(index.source("1"), R"({"who":["a'"]})");
}

TEST(SharedDocument, IsNotGivenUpByAnEventThatMayBeHalfDone) {
  World world;
  FakeIndex index;
  world.search = &index;
  world.options.on_exhausted = OnExhausted::dead_letter;
  world.options.retry.attempts_max = 3;
  index.set("1", R"({"who":["a"]})");
  int faults = 20;
  index.fault = [&](const DocumentId&) -> Result<bool> {
    if (faults-- > 0) return fail(Treatment::retry, ErrorCode::unavailable, "somebody else changes it all the time");
    return true;
  };
  world.produce({"a 1"});
  ASSERT_TRUE(world.live(Handover()).has_value());
  EXPECT_TRUE(world.records("dlq").empty());
  EXPECT_EQ(index.source("1"), R"({"who":["a'"]})");
}

}  // namespace
}  // namespace lernd
