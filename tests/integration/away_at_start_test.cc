// A service that is away when the program starts: it waits, says so now and then, is not ready, and goes on when the service is there.
#include <gtest/gtest.h>

#include "fault/reconciliation_world.h"
#include "integration/program.h"
#include "support/seed.h"
#include "support/services.h"

namespace lernd {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

struct Away {
  const char* server;
  const char* option;  ///< that the reason names
};

class AwayAtStart : public testing::TestWithParam<Away> {};

TEST_P(AwayAtStart, IsWaitedForAndThenWorkedWith) {
  const Servers servers = Servers::from_environment();
  ReconciliationWorld world(test_seed(), {.learners = 60, .requests = 200, .set = {{"lernd.kafka.request_timeout_ms", "3000"}}});
  const Effects undisturbed = world.undisturbed();
  auto outage = servers.outage(GetParam().server);

  const auto begin = steady_clock::now();
  Process process(world.command({"--until-end", "--http", "127.0.0.1:0"}));
  const AdminClient admin(process);
  ASSERT_TRUE(process.wait_for_output("waiting for a service", kLimit)) << process.err();
  ASSERT_TRUE(wait_until([&] { return admin.get("/health/ready").status == 503; }));
  EXPECT_EQ(admin.get("/health/live").status, 200);
  const auto not_ready = admin.get("/health/ready");
  EXPECT_EQ(not_ready.status, 503);
  EXPECT_TRUE(not_ready.body.contains(GetParam().option)) << not_ready.body;
  const auto job = admin.job();
  EXPECT_EQ(job["state"], "waiting") << job;
  EXPECT_TRUE(job["last_error"].get<std::string>().contains(GetParam().option)) << job;
  EXPECT_EQ(job["records_done"], 0) << job;

  // Another line shows that it goes on trying; too many would bury what else there is to read.
  const auto waiting = [&] { return lines_with(process.err(), "waiting for a service"); };
  ASSERT_TRUE(wait_until([&] { return waiting().size() >= 2; })) << process.err();
  const auto lines = waiting();
  EXPECT_LE(lines.size(), 1 + static_cast<std::size_t>((steady_clock::now() - begin) / 4s)) << process.err();
  for (const auto& line : lines) EXPECT_TRUE(line.contains(GetParam().option)) << line;
  EXPECT_LE(lines_with(process.err(), "").size(), 2 * lines.size() + 2) << "something else fills the log:\n" << process.err();
  EXPECT_FALSE(process.wait(0ms)) << "it did not wait";

  outage.end();
  EXPECT_EQ(process.wait(kLimit), 0) << process.err();
  expect_same(world.effects(), undisturbed);
}

INSTANTIATE_TEST_SUITE_P(Servers, AwayAtStart,
                         testing::Values(Away{"kafka", "kafka.broker-servers"}, Away{"cassandra", "lms-cassandra.host"}, Away{"redis", "redis.host"}),
                         [](const auto& away) { return std::string(away.param.server); });

}  // namespace
}  // namespace lernd
