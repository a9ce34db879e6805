#include "runtime/retry.h"

#include <gtest/gtest.h>

namespace lernd {
namespace {

using namespace std::chrono_literals;

TEST(Retry, EndsWithTheAttempts) {
  RetryState state;
  const RetryOptions options{.attempts_max = 3};
  EXPECT_TRUE(state.failed(options, RetryState::Time(0s)));
  EXPECT_TRUE(state.failed(options, RetryState::Time(1s)));
  EXPECT_FALSE(state.failed(options, RetryState::Time(2s)));
  EXPECT_EQ(state.attempts(), 3);
}

TEST(Retry, EndsWithTheBudget) {
  RetryState state;
  const RetryOptions options{.attempts_max = 100, .budget = 10s};
  EXPECT_TRUE(state.failed(options, RetryState::Time(0s)));
  EXPECT_TRUE(state.failed(options, RetryState::Time(9s)));
  EXPECT_FALSE(state.failed(options, RetryState::Time(10s)));
}

TEST(Retry, OneAttemptMeansNone) {
  RetryState state;
  EXPECT_FALSE(state.failed({.attempts_max = 1}, RetryState::Time(0s)));
}

TEST(Retry, DelaysDoubleWithFullJitterUpToTheMost) {
  const RetryOptions options{.attempts_max = 100, .delay_initial = 200ms, .delay_max = 1000ms, .budget = 1h};
  RetryState state;
  const std::int64_t ceilings[] = {200, 400, 800, 1000, 1000};
  for (const std::int64_t ceiling : ceilings) {
    state.failed(options, RetryState::Time(0s));
    std::int64_t most = 0;
    for (std::uint64_t random = 0; random < 5000; ++random) {
      const auto delay = state.delay(options, random).count();
      ASSERT_GE(delay, 1);
      most = std::max(most, static_cast<std::int64_t>(delay));
    }
    EXPECT_EQ(most, ceiling);
  }
}

TEST(Retry, ManyAttemptsDoNotOverflow) {
  const RetryOptions options{.attempts_max = 1000000, .delay_max = 30s, .budget = 24h};
  RetryState state;
  for (int i = 0; i < 1000; ++i) state.failed(options, RetryState::Time(0s));
  EXPECT_LE(state.delay(options, ~0ULL), 30s + 1ms);
}

}  // namespace
}  // namespace lernd
