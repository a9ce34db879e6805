#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <random>
#include <thread>

#include "fault/reconciliation_world.h"
#include "support/seed.h"
#include "support/services.h"

namespace lernd {
namespace {

using namespace std::chrono_literals;

constexpr int kKilled = 128 + SIGKILL;
constexpr auto kRunLimit = 120s;

void finish(ReconciliationWorld& world) {
  auto process = world.start();
  const auto code = process.wait(kRunLimit);
  ASSERT_EQ(code, 0) << (code ? "" : "it does not end: ") << process.err();
}

/// Killed at a step, the n-th time it is passed; the next start carries on. The steps are those of `runtime/crash_point.h`.
class CrashAtStep : public ::testing::TestWithParam<const char*> {};

TEST_P(CrashAtStep, LosesAndDoublesNothing) {
  const auto seed = test_seed();
  ReconciliationWorld world(seed, {.learners = 60, .requests = 200});
  const Effects undisturbed = world.undisturbed();
  ASSERT_FALSE(undisturbed.records.at("kafka.output.certissue.topic").empty()) << "a school without certificates proves nothing";
  int kills = 0;
  for (const int pass : {1, 2, 3}) {
    auto process = world.start({{"LERND_CRASH_AT", fmt::format("{}:{}", GetParam(), pass)}});
    const auto code = process.wait(kRunLimit);
    ASSERT_TRUE(code.has_value()) << process.err();
    if (*code == 0) break;  // everything was done before the step was passed that often
    ASSERT_EQ(*code, kKilled) << process.err();
    ++kills;
  }
  ASSERT_GE(kills, 2) << "the program does not know the step; is it a build with test hooks?";
  finish(world);
  expect_same(world.effects(), undisturbed);
}

INSTANTIATE_TEST_SUITE_P(Steps, CrashAtStep, ::testing::Values("after-journal", "part-of-writes", "after-writes", "before-commit", "after-commit"),
                         [](const auto& step) {
                           std::string name = step.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(CrashAtRandomTimes, LosesAndDoublesNothing) {
  const auto seed = test_seed();
  std::mt19937_64 random(seed);
  ReconciliationWorld world(seed, {.learners = 150, .requests = 800});
  const Effects undisturbed = world.undisturbed();
  int kills = 0;
  for (int life = 0; life < 12; ++life) {
    auto process = world.start();
    // The first part of a life is start-up and joining the group; the kill is to strike while records flow.
    if (process.wait(std::chrono::milliseconds(200 + random() % 900))) break;
    process.kill();
    ++kills;
  }
  EXPECT_GE(kills, 2);
  finish(world);
  expect_same(world.effects(), undisturbed);
}

TEST(TwoProcesses, OneIsKilledAndTheOtherTakesOver) {
  const auto seed = test_seed();
  ReconciliationWorld world(seed, {.learners = 150, .requests = 800, .partitions = 4});
  const Effects undisturbed = world.undisturbed();
  auto one = world.start({}, "one");
  auto two = world.start({{"LERND_CRASH_AT", "part-of-writes:2"}}, "two");
  const auto killed = two.wait(kRunLimit);
  ASSERT_TRUE(killed.has_value());
  const auto code = one.wait(kRunLimit);
  ASSERT_EQ(code, 0) << one.err();
  // Whatever the killed one held when the other was already done is left for the next start.
  finish(world);
  expect_same(world.effects(), undisturbed);
}

class ServerAway : public ::testing::TestWithParam<const char*> {};

TEST_P(ServerAway, IsWaitedForAndNothingIsLost) {
  const auto seed = test_seed();
  const Servers servers = Servers::from_environment();
  ReconciliationWorld world(seed, {.learners = 150, .requests = 800});
  const Effects undisturbed = world.undisturbed();
  auto process = world.start();
  (void)process.wait(700ms);
  servers.kill(GetParam());
  (void)process.wait(500ms);
  servers.start(GetParam());
  const auto code = process.wait(kRunLimit);
  ASSERT_EQ(code, 0) << process.err();
  expect_same(world.effects(), undisturbed);
}

INSTANTIATE_TEST_SUITE_P(Servers, ServerAway, ::testing::Values("cassandra", "redis", "kafka"), [](const auto& name) { return std::string(name.param); });

}  // namespace
}  // namespace lernd
