#include "bulk/pace.h"

#include <gtest/gtest.h>

#include <thread>

namespace lernd::bulk {
namespace {

using namespace std::chrono_literals;

TEST(BulkPace, BackoffDoublesUpToItsCap) {
  EXPECT_EQ(backoff(1, 1000ms, 60000ms, 0.0), 500ms);
  EXPECT_EQ(backoff(1, 1000ms, 60000ms, 1.0), 1000ms);
  EXPECT_EQ(backoff(4, 1000ms, 60000ms, 1.0), 8000ms);
  EXPECT_EQ(backoff(7, 1000ms, 60000ms, 1.0), 60000ms);
  EXPECT_EQ(backoff(2'000'000'000, 1000ms, 60000ms, 1.0), 60000ms);
  EXPECT_EQ(backoff(2'000'000'000, 0ms, 60000ms, 1.0), 0ms);
  EXPECT_EQ(backoff(3, 1000ms, 10ms, 1.0), 10ms);
}

TEST(BulkPace, TheGateSpacesStarts) {
  RateGate gate(3600, 1h);
  const Time start{100s};
  EXPECT_EQ(gate.take(start), start);
  EXPECT_EQ(gate.take(start), start + 1s);
  EXPECT_EQ(gate.take(start + 5s), start + 5s);
  EXPECT_EQ(gate.take(start + 5s), start + 6s);
  RateGate pairs(10, 1s);
  EXPECT_EQ(pairs.take(start, 20), start);
  EXPECT_EQ(pairs.take(start, 1), start + 2s) << "what starts together takes its time together";
  RateGate open(0, 1h);
  EXPECT_EQ(open.take(start), start);
  EXPECT_EQ(open.take(start), start);
}

TEST(BulkPace, AStopEndsAWait) {
  SteadyWaiter waiter;
  EXPECT_TRUE(waiter.wait_until(waiter.now(), {}));
  std::stop_source stop;
  std::jthread thread([&] { stop.request_stop(); });
  EXPECT_FALSE(waiter.wait_until(waiter.now() + 1h, stop.get_token()));
}

}  // namespace
}  // namespace lernd::bulk
