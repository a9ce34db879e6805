// `lernd cache` while a service is away or refuses: it waits and says so, or ends and says which option to change. Nobody is left out for it.
#include <gtest/gtest.h>

#include <csignal>

#include "integration/program.h"
#include "integration/user_cache/world.h"

namespace lernd {
namespace {

using namespace std::chrono_literals;

constexpr int kUsers = 400;
constexpr const char* kLeft = "cache-rebuild.checkpoint.left.csv";

void expect_rebuilt(const UserCacheWorld& world) {
  EXPECT_EQ(world.entries(), world.rebuilt());
  EXPECT_EQ(world.lines(kLeft), world.left_out());
}

TEST(CacheFaultsOnServices, RedisThatGoesInTheMiddleIsWaitedFor) {
  UserCacheWorld world(kUsers);
  world.answer_after(20ms);
  Process process(world.command("rebuild"));
  ASSERT_TRUE(wait_until([&] { return world.calls() >= kUsers / 3; })) << process.err();
  world.redis().stop();
  ASSERT_TRUE(process.wait_for_output("lernd cache rebuild: waiting: ", kLimit)) << process.err();
  EXPECT_TRUE(process.err().contains("redis-meta.host")) << process.err();
  const int calls = world.calls();
  EXPECT_FALSE(process.wait(1s)) << process.err();
  EXPECT_EQ(world.calls(), calls) << "no profile is read for a cache that takes nothing";
  EXPECT_EQ(lines_with(process.err(), "waiting: ").size(), 1U) << process.err();
  world.redis().start();
  EXPECT_EQ(process.wait(kLimit), 0) << process.err();
  world.keep(process.out() + process.err());
  expect_rebuilt(world);
}

TEST(CacheFaultsOnServices, APatienceThatEndsLeavesTheRestToTheSameCommand) {
  UserCacheWorld world(kUsers);
  world.answer_after(20ms);
  Process process(world.command("rebuild", {"--wait-max", "1"}));
  ASSERT_TRUE(wait_until([&] { return world.calls() >= kUsers / 3; })) << process.err();
  world.redis().stop();
  EXPECT_EQ(process.wait(kLimit), 3) << process.err();
  EXPECT_TRUE(process.err().contains("waited 1 s in vain: ") && process.err().contains("redis-meta.host")) << process.err();
  EXPECT_TRUE(process.err().contains("the same command goes on from here")) << process.err();
  world.keep(process.out() + process.err());

  const auto check = world.cache("check", {"--wait-max", "1"});
  EXPECT_EQ(check.code, 3) << check.err;
  EXPECT_TRUE(check.err.contains("waited 1 s in vain: ")) << check.err;

  world.redis().start();
  const auto rest = world.cache("rebuild");
  EXPECT_EQ(rest.code, 0) << rest.err;
  EXPECT_TRUE(rest.out.contains("done before")) << rest.out;
  expect_rebuilt(world);
}

TEST(CacheFaultsOnServices, AFlushInTheMiddleIsFoundByACheck) {
  UserCacheWorld world(kUsers);
  world.answer_after(20ms);
  Process process(world.command("rebuild"));
  ASSERT_TRUE(wait_until([&] { return world.calls() >= kUsers / 2; })) << process.err();
  for (const auto& [user, fields] : world.entries()) world.erase(user);
  EXPECT_EQ(process.wait(kLimit), 0) << process.err();
  world.answer_after(0ms);
  const auto check = world.cache("check", {"--ids", world.write_ids("all.csv", world.readable()), "--list", "wrong.csv"});
  EXPECT_EQ(check.code, 1) << check.err;
  const auto wrong = world.lines("wrong.csv").size();
  EXPECT_GE(wrong, 64U) << "a block at least was written before";
  EXPECT_LT(wrong, world.readable().size()) << "the flush came behind everything";
  EXPECT_EQ(world.cache("rebuild", {"--ids", world.file("wrong.csv")}).code, 0);
  EXPECT_EQ(world.cache("check", {"--ids", world.file("all.csv")}).code, 0);
}

TEST(CacheFaultsOnServices, CassandraThatIsAwayIsWaitedForAtTheStart) {
  UserCacheWorld world(60);
  auto outage = Servers::from_environment().outage("cassandra");
  Process rebuild(world.command("rebuild"));
  ASSERT_TRUE(rebuild.wait_for_output("lernd cache rebuild: trying again: ", kLimit)) << rebuild.err();
  EXPECT_TRUE(rebuild.err().contains("lms-cassandra.host")) << rebuild.err();
  Process stopped(world.command("check"));
  ASSERT_TRUE(stopped.wait_for_output("lernd cache check: trying again: ", kLimit)) << stopped.err();
  stopped.signal(SIGTERM);
  EXPECT_EQ(stopped.wait(kLimit), 3) << stopped.err();

  const auto listed = world.cache("rebuild", {"--ids", world.write_ids("all.csv", world.users()), "--checkpoint", "of-a-file"});
  EXPECT_EQ(listed.code, 0) << "ids of a file need no Cassandra: " << listed.err;
  EXPECT_EQ(world.entries(), world.rebuilt());
  for (const auto& [user, fields] : world.rebuilt()) world.put(user, {{"firstname", "another"}});

  outage.end();
  EXPECT_EQ(rebuild.wait(2 * kLimit), 0) << rebuild.err();
  world.keep(rebuild.out() + rebuild.err() + stopped.out() + stopped.err());
  EXPECT_EQ(world.lines(kLeft), world.left_out());
  for (const auto& user : world.readable()) EXPECT_EQ(world.entries().at(user), world.rebuilt().at(user)) << user;
}

TEST(CacheFaultsOnServices, WhatCannotBeRightEndsItAtOnce) {
  UserCacheWorld world(5);
  const std::pair<const char*, const char*> wrongs[] = {
      {"lernd.redis-meta.password=open-sesame", "lernd.redis-meta.password"},
      {"redis-meta.database.userstore.id=99", "redis-meta.database"},
  };
  const auto before = world.entries();
  for (const char* verb : {"rebuild", "check"}) {
    for (const auto& [set, option] : wrongs) {
      const auto refused = world.cache(verb, {"--set", set});
      EXPECT_EQ(refused.code, 2) << set << "\n" << refused.err;
      EXPECT_TRUE(refused.err.contains(option)) << refused.err;
      EXPECT_FALSE((refused.out + refused.err).contains("open-sesame")) << refused.err;
    }
    const auto table = world.cache(verb, {"--column", "nothing"});
    EXPECT_EQ(table.code, 2) << table.err;
    EXPECT_TRUE(table.err.contains("--column")) << table.err;
  }
  EXPECT_EQ(world.entries(), before);
  EXPECT_EQ(world.cache("rebuild").code, 0) << "nothing is in its way";
  expect_rebuilt(world);
}

}  // namespace
}  // namespace lernd
