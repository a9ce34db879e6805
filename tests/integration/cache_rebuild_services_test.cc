// `lernd cache rebuild` over a user table of the real Cassandra into a real Redis: what is there afterwards, and how it is stopped, killed and gone on with.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <random>
#include <regex>

#include "integration/program.h"
#include "integration/user_cache/world.h"
#include "support/seed.h"

namespace lernd {
namespace {

using namespace std::chrono_literals;

constexpr int kUsers = 600;
constexpr int kBlock = 64;  ///< with eight calls in flight
constexpr const char* kLeft = "cache-rebuild.checkpoint.left.csv";

/// Nothing is left over that a further run would go on from.
void expect_complete(const UserCacheWorld& world) {
  for (const char* end : {"", ".tail", ".ids", ".ids.new"}) EXPECT_FALSE(std::filesystem::exists(world.file("cache-rebuild.checkpoint") + end)) << end;
}

void expect_rebuilt(const UserCacheWorld& world) {
  EXPECT_EQ(world.entries(), world.rebuilt());
  EXPECT_EQ(world.lines(kLeft), world.left_out());
  expect_complete(world);
}

/// Reads of users that had been read before.
int reads_again(const UserCacheWorld& world) {
  int more = 0;
  for (const auto& [user, reads] : world.reads()) more += reads - 1;
  return more;
}

std::string row(const std::string& what, std::size_t count) { return fmt::format("\n  {:<18}{}\n", what, count); }

TEST(CacheRebuildOnServices, BuildsAllUsersOfTheTable) {
  UserCacheWorld world(kUsers);
  const auto before = world.entries();
  const auto dry = world.cache("rebuild", {"--dry-run"});
  EXPECT_EQ(dry.code, 0) << dry.err;
  std::size_t old = 0;
  for (const auto& user : world.readable()) old += before.contains(user) ? 1 : 0;
  EXPECT_TRUE(dry.out.contains(row("would be made", world.readable().size() - old)) && dry.out.contains(row("would be changed", old))) << dry.out;
  EXPECT_EQ(world.entries(), before);
  EXPECT_EQ(world.calls(), kUsers);

  const auto done = world.cache("rebuild");
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_TRUE(done.out.contains(row("users", kUsers)) && done.out.contains(row("written", world.readable().size()))) << done.out;
  EXPECT_TRUE(done.out.contains(row("unknown", kUsers / 20)) && done.out.contains(row("blocked", kUsers / 20)) && done.out.contains(row("failed", 0)))
      << done.out;
  EXPECT_TRUE(done.err.contains("100 %  600/600 ids")) << done.err;
  expect_rebuilt(world);
  EXPECT_EQ(world.calls(), 2 * kUsers);

  const auto nothing = world.cache("rebuild", {"--dry-run"});
  EXPECT_TRUE(nothing.out.contains(row("would stay", world.readable().size()))) << nothing.out;
}

TEST(CacheRebuildOnServices, BuildsTheUsersOfAFileAndNobodyElse) {
  UserCacheWorld world(100);
  auto expected = world.entries();
  std::vector<std::string> listed{"userid", "user-0007", "user-0013", "nobody", "not an id"};
  for (std::size_t i = 0; i < world.readable().size(); i += 3) {
    listed.insert(listed.end(), 2, world.readable()[i]);
    expected[world.readable()[i]] = world.rebuilt().at(world.readable()[i]);
  }
  const auto done = world.cache("rebuild", {"--ids", world.write_ids("users.csv", listed), "--set", "lernd.retry.attempts_max=2"});
  EXPECT_EQ(done.code, 1) << "one answer was none: " << done.err;
  EXPECT_EQ(world.entries(), expected);
  EXPECT_EQ(world.lines(kLeft), (std::multiset<std::string>{"user-0007,blocked", "user-0013,unknown", "nobody,failed,bad_answer"}));
  EXPECT_FALSE(world.reads().contains("user-0001"));
  expect_complete(world);
}

TEST(CacheRebuildOnServices, KilledAgainAndAgainEndsAsUndisturbed) {
  std::mt19937_64 random(test_seed());
  UserCacheWorld world(kUsers);
  world.answer_after(20ms);
  int kills = 0;
  for (bool done = false; !done;) {
    Process process(world.command("rebuild"));
    const int until = world.calls() + 1 + static_cast<int>(random() % (2 * kBlock));
    std::optional<int> code;
    ASSERT_TRUE(wait_until([&] { return world.calls() >= until || (code = process.wait(0ms)); })) << process.err();
    done = code.has_value();
    EXPECT_EQ(code.value_or(0), 0) << process.err();
    process.kill();
    world.keep(process.out() + process.err());
    kills += done ? 0 : 1;
    ASSERT_LT(kills, 600);
  }
  EXPECT_GE(kills, 3);
  expect_rebuilt(world);
  EXPECT_LE(reads_again(world), kills * kBlock);
}

TEST(CacheRebuildOnServices, ASignalLetsTheBlockFinishAndNobodyIsReadTwice) {
  UserCacheWorld world(kUsers);
  world.answer_after(20ms);
  int stops = 0;
  for (const int signal : {SIGTERM, SIGINT, 0}) {
    Process process(world.command("rebuild"));
    const int until = world.calls() + kBlock / 2;
    if (signal != 0) {
      ASSERT_TRUE(wait_until([&] { return world.calls() >= until; })) << process.err();
      process.signal(signal);
    }
    ASSERT_EQ(process.wait(kLimit), signal == 0 ? 0 : 3) << process.err();
    if (signal != 0) {
      ++stops;
      EXPECT_TRUE(process.err().contains("stopped; the same command goes on from here")) << process.err();
      EXPECT_EQ(world.calls() % kBlock, 0) << "whole blocks";
    }
    world.keep(process.out() + process.err());
  }
  EXPECT_EQ(stops, 2);
  expect_rebuilt(world);
  EXPECT_EQ(reads_again(world), 0);
}

TEST(CacheRebuildOnServices, ASecondSignalEndsItAtOnce) {
  UserCacheWorld world(100);
  world.answer_after(20s);
  Process process(world.command("rebuild"));
  ASSERT_TRUE(wait_until([&] { return world.calls() > 0; })) << process.err();
  process.signal(SIGTERM);
  ASSERT_TRUE(process.wait_for_output("a second signal ends at once", kLimit)) << process.err();
  EXPECT_FALSE(process.wait(200ms)) << "the block at hand was dropped";
  const auto begin = std::chrono::steady_clock::now();
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(kLimit), 3) << process.err();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  world.answer_after(0ms);
  EXPECT_EQ(world.cache("rebuild").code, 0);
  expect_rebuilt(world);
}

TEST(CacheRebuildOnServices, ARateHolds) {
  UserCacheWorld world(60);
  const auto done = world.cache("rebuild", {"--rate", "1200/m"});
  EXPECT_EQ(done.code, 0) << done.err;
  expect_rebuilt(world);
  // Two users every tenth of a second, the first two at once. The tool's own clock says how long that took; a slow machine can only make it more.
  std::smatch time;
  ASSERT_TRUE(std::regex_search(done.out, time, std::regex(R"(  time +([0-9.]+) s, )"))) << done.out;
  EXPECT_GE(std::stod(time[1]), 2.9) << done.out;
}

}  // namespace
}  // namespace lernd
