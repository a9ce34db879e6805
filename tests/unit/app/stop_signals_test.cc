#include "app/stop_signals.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>

namespace lernd {
namespace {

using namespace std::chrono_literals;

/// Blocks until a stop was asked for.
void wait_for(const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any stopped;
  stopped.wait(lock, stop, [] { return false; });
}

TEST(StopSignalsTest, TheFirstSignalAsksForAStop) {
  for (const int signal : {SIGTERM, SIGINT}) {
    std::atomic<int> told = 0;
    StopSignals signals(1h, 3, [&] { ++told; });
    EXPECT_FALSE(signals.token().stop_requested());
    ::kill(::getpid(), signal);
    wait_for(signals.token());
    EXPECT_EQ(told, 1);
  }
}

TEST(StopSignalsTest, AStopFromWithinTellsNobody) {
  StopSignals signals(1ms, 3, [] { FAIL(); });
  signals.stop();
  EXPECT_TRUE(signals.token().stop_requested());
}

TEST(StopSignalsDeathTest, ASecondSignalEndsTheProcessAtOnce) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        StopSignals signals(1h, 3, [] {});
        ::kill(::getpid(), SIGTERM);
        wait_for(signals.token());
        ::kill(::getpid(), SIGTERM);
        ::pause();
      },
      testing::ExitedWithCode(3), "");
}

TEST(StopSignalsDeathTest, ADrainThatTakesTooLongIsCutShort) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        StopSignals signals(20ms, 3, [] {});
        ::kill(::getpid(), SIGINT);
        ::pause();
      },
      testing::ExitedWithCode(3), "");
}

}  // namespace
}  // namespace lernd
