// user-ownership-transfer killed at any moment, above all between the table and the index.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <random>

#include "fault/transfer_watch.h"
#include "support/seed.h"

namespace lernd {
namespace {

constexpr int kKilled = 128 + SIGKILL;

void expect_finish(TransferWorld& world) {
  auto process = world.start();
  expect_undisturbed(world, process);
}

TEST(TransferUndisturbed, EndsAsTheModelSays) {
  TransferWorld world(random_plot(test_seed(), 30, 250, 150));
  expect_finish(world);
}

/// Killed at a step, the n-th time it is passed; the next start carries on. The steps are those of `runtime/crash_point.h`.
class TransferCrashAtStep : public testing::TestWithParam<const char*> {};

TEST_P(TransferCrashAtStep, TearsNothing) {
  TransferWorld world(random_plot(test_seed(), 30, 250, 50));
  for (const int pass : {1, 2, 3}) {
    auto process = world.start({{"LERND_CRASH_AT", fmt::format("{}:{}", GetParam(), pass)}});
    const auto code = process.wait(kRunLimit);
    ASSERT_EQ(code, kKilled) << "the program does not know the step; is it a build with test hooks? " << process.err();
  }
  expect_finish(world);
}

INSTANTIATE_TEST_SUITE_P(Steps, TransferCrashAtStep,
                         testing::Values("after-journal", "part-of-writes", "before-documents", "part-of-documents", "after-writes", "before-commit",
                                         "after-commit"),
                         [](const auto& step) {
                           std::string name = step.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(TransferCrashBetweenTableAndIndex, LeavesThemTornUntilTheNextStart) {
  TransferWorld world(large_plot(50));
  auto process = world.start({{"LERND_CRASH_AT", "part-of-documents"}});
  ASSERT_EQ(process.wait(kRunLimit), kKilled) << process.err();
  EXPECT_EQ(world.found().torn().size(), 50u) << "half of the documents";
  expect_finish(world);
}

class TransferCrashAtRandomTimes : public testing::TestWithParam<int> {};

TEST_P(TransferCrashAtRandomTimes, TearsNothing) {
  const auto seed = test_seed();
  std::mt19937_64 random(seed);
  TransferWorld world(random_plot(seed, 40, 300, 300));
  int kills = 0;
  for (int life = 0; life < 12; ++life) {
    auto process = world.start();
    // Every other time it is to be killed at work, and not while it starts and joins its group.
    const bool at_work = life % 2 == 0;
    if (at_work && !world.await_updates(process, 1 + random() % 3)) break;
    if (process.wait(std::chrono::milliseconds(random() % (at_work ? 150 : 1500)))) break;
    process.kill();
    ++kills;
  }
  EXPECT_GE(kills, 4);
  expect_finish(world);
}

INSTANTIATE_TEST_SUITE_P(Runs, TransferCrashAtRandomTimes, testing::Range(1, 4));

}  // namespace
}  // namespace lernd
