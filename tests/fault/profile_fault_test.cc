#include <fmt/format.h>
#include <gtest/gtest.h>

#include <thread>

#include "fault/fault_time.h"
#include "fault/profile_world.h"
#include "support/seed.h"
#include "support/services.h"

namespace lernd {
namespace {

using namespace std::chrono_literals;

constexpr auto kRunLimit = 300s;
constexpr int kCalm = 13;
constexpr int kDisturbed = 14;

/// Waits until the service got so many calls, or the program has ended.
void await_calls(const ProfileWorld& world, Process& process, std::size_t calls) {
  while (world.calls() < calls && !process.wait(20ms)) {
  }
}

class ProfileFaults : public testing::Test {
 protected:
  void SetUp() override {
    for (const int database : {kCalm, kDisturbed}) world_.clear(database);
    auto calm = world_.start("calm", kCalm);
    const auto code = calm.wait(kRunLimit);
    ASSERT_EQ(code, 0) << calm.err();
    calm_calls_ = world_.calls();
    undisturbed_ = world_.entries(kCalm);
    ASSERT_GT(undisturbed_.size(), 1000u);
  }
  void TearDown() override {
    for (const int database : {kCalm, kDisturbed}) world_.clear(database);
  }

  void expect_undisturbed() {
    const auto found = world_.entries(kDisturbed);
    std::size_t differing = 0;
    for (const auto& [key, fields] : undisturbed_) {
      const auto entry = found.find(key);
      if (entry == found.end() || entry->second != fields) ++differing;
    }
    EXPECT_EQ(differing, 0u) << "entries that are missing or others than undisturbed, of " << undisturbed_.size();
    EXPECT_EQ(found.size(), undisturbed_.size());
  }

  ProfileWorld world_{test_seed(), 4000, 20000};
  ProfileWorld::Entries undisturbed_;
  std::size_t calm_calls_ = 0;
};

TEST_F(ProfileFaults, OfTheServicePassAndNothingIsLost) {
  constexpr ProfileService kFaults[] = {ProfileService::slow,    ProfileService::resets,   ProfileService::broken,
                                        ProfileService::garbage, ProfileService::trickles, ProfileService::lies};
  auto process = world_.start("disturbed", kDisturbed);
  std::size_t calls = world_.calls();
  for (const ProfileService fault : kFaults) {
    await_calls(world_, process, calls + calm_calls_ / 8);
    world_.behave(fault);
    EXPECT_FALSE(process.wait(fault_time())) << "it ended in the middle of a fault: " << process.err();
    world_.behave(ProfileService::well);
    calls = world_.calls();
  }
  const auto code = process.wait(kRunLimit);
  ASSERT_EQ(code, 0) << process.err();
  EXPECT_EQ(world_.dead_letters("disturbed"), 0u);
  expect_undisturbed();
}

TEST_F(ProfileFaults, OfRedisPassAndWhatItLostComesBackWithTheTopic) {
  const Servers servers = Servers::from_environment();
  // A cache is no service that is left alone: how long it is waited for says the number of attempts.
  auto process = world_.start("disturbed", kDisturbed, {"--set", "lernd.retry.attempts_max=1000"});
  await_calls(world_, process, world_.calls() + calm_calls_ / 3);
  {
    const auto outage = servers.outage("redis");
    EXPECT_FALSE(process.wait(fault_time())) << process.err();
  }
  world_.clear(kDisturbed);
  auto code = process.wait(kRunLimit);
  ASSERT_EQ(code, 0) << process.err();
  EXPECT_EQ(world_.dead_letters("disturbed"), 0u);
  EXPECT_LT(world_.entries(kDisturbed).size(), undisturbed_.size()) << "the flush came before everything";
  // What a flush takes away no later event brings back. The topic does, read by another group from its beginning.
  auto again = world_.start("again", kDisturbed);
  code = again.wait(kRunLimit);
  ASSERT_EQ(code, 0) << again.err();
  expect_undisturbed();
}

}  // namespace
}  // namespace lernd
