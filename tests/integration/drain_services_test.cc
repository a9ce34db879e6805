// SIGTERM finishes and commits the batch in hand and leaves the rest to the next start.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <random>
#include <thread>

#include "adapters/http/stub_server.h"
#include "integration/drain.h"
#include "integration/program.h"
#include "support/seed.h"

namespace lernd {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

TEST(DrainOnServices, LosesAndDoublesNothing) {
  ReconciliationWorld world(test_seed(), backlog(false));
  expect_drained(world);
}

// A member that leaves while its group is forming is one that librdkafka is weak at; the second worker has no partition at all.
TEST(DrainOnServices, ASignalAtAnyTimeOfTheStartEndsItWell) {
  ReconciliationWorld world(test_seed(), {.learners = 5, .requests = 5});
  std::mt19937_64 random(test_seed());
  for (int round = 0; round < 6; ++round) {
    Process process(world.command({"--http", "off", "--set", "lernd.workers=2"}));
    ASSERT_TRUE(process.wait_for_output("job started", kLimit)) << process.err();
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 400));
    process.signal(SIGTERM);
    ASSERT_EQ(process.wait(kLimit), 0) << process.err();
  }
  expect_rest_is_done(world);
}

/// A course that no cache knows: the search service is asked about it, and may take its time.
constexpr const char* kUncached = "do_uncached";
constexpr const char* kFailedTopic = "kafka.output.failed.topic";

OutputRecord uncached_request() {
  return {.value = fmt::format(R"({{"edata":{{"action":"user-enrolment-sync","userId":"u","courseId":"{}","batchId":"b"}}}})", kUncached)};
}

void add_consumption(ReconciliationWorld& world) {
  const TableName table{world.values().text("lms-cassandra.keyspace"), world.values().text("lms-cassandra.consumption.table")};
  const RowGroup rows{
      {.table = table, .key = {{"userid", "u"}, {"courseid", kUncached}, {"batchid", "b"}, {"contentid", "c"}}, .set = {{"status", std::int32_t{2}}}}};
  const TimedGroup timed{&rows, {1}};
  const auto ports = world.services().open();
  ASSERT_TRUE(ports) << ports.error().text;
  const auto written = ports->tables->write(std::span(&timed, 1));
  ASSERT_TRUE(written.front()) << written.front().error().text;
}

TEST(DrainOnServices, ASecondSignalEndsItAtOnceAndNothingIsLost) {
  constexpr auto kLong = 8s;
  std::atomic<int> asked = 0;
  const auto search = StubServer::start([&](const StubRequest&) {
    return StubReply{.status = 200, .body = R"({"result":{"count":1,"content":[{"status":"Retired"}]}})", .delay = asked++ == 0 ? kLong : 0s};
  });
  ASSERT_TRUE(search) << search.error().text;
  const std::string url = fmt::format("http://127.0.0.1:{}/search", (*search)->port());
  ReconciliationWorld world(test_seed(), {.learners = 60, .requests = 100, .set = {{"service.search.basePath", url}}, .first = {uncached_request()}});
  const Effects undisturbed = world.undisturbed();
  add_consumption(world);
  {
    Process process(world.command({"--http", "off"}));
    ASSERT_TRUE(wait_until([&] { return asked > 0; })) << process.err();
    process.signal(SIGTERM);
    ASSERT_TRUE(process.wait_for_output("stopping: finishing the batch in hand", kLimit)) << process.err();
    EXPECT_FALSE(process.wait(200ms)) << "the batch in hand was dropped";
    const auto begin = steady_clock::now();
    process.signal(SIGTERM);
    EXPECT_EQ(process.wait(kLimit), 3) << process.err();
    EXPECT_LT(steady_clock::now() - begin, 2s);
  }
  EXPECT_EQ(world.committed(), std::nullopt);
  expect_rest_is_done(world);
  auto effects = world.effects();
  std::erase_if(effects.rows, [](const std::string& row) { return row.contains(kUncached); });
  EXPECT_EQ(std::erase_if(effects.records.at(kFailedTopic), [](const std::string& record) { return record.contains(kUncached); }), 1u);
  expect_same(effects, undisturbed);
}

}  // namespace
}  // namespace lernd
