#include "integration/drain.h"

#include <gtest/gtest.h>

#include <csignal>

#include "integration/program.h"

namespace lernd {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int kRequests = 1500;

}  // namespace

WorldOptions backlog(bool embedded) { return {.learners = 200, .requests = kRequests, .embedded = embedded, .set = {{"lernd.batch.records_max", "20"}}}; }

void expect_rest_is_done(ReconciliationWorld& world) {
  const auto rest = run(world.command({"--until-end", "--http", "off"}), kLimit);
  EXPECT_EQ(rest.code, 0) << rest.err;
}

void expect_drained(ReconciliationWorld& world) {
  const Effects undisturbed = world.undisturbed();
  ASSERT_FALSE(undisturbed.records.at("kafka.output.certissue.topic").empty()) << "a school without certificates proves nothing";
  int drained = 0;
  for (const int signal : {SIGTERM, SIGINT, SIGTERM}) {
    Process process(world.command({"--http", "127.0.0.1:0", "--set", "lernd.drain_ms=20000"}));
    const AdminClient admin(process);
    ASSERT_TRUE(wait_until([&] { return admin.records_done() > 0; })) << process.err();
    const auto begin = steady_clock::now();
    process.signal(signal);
    ASSERT_EQ(process.wait(kLimit), 0) << process.err();
    EXPECT_LT(steady_clock::now() - begin, 20s);
    EXPECT_EQ(lines_with(process.err(), "stopping: finishing the batch in hand").size(), 1u) << process.err();
    ASSERT_TRUE(world.committed()) << "the batch in hand was not committed";
    drained += world.committed()->value < kRequests ? 1 : 0;
  }
  EXPECT_GE(drained, 1) << "there was no backlog left at any signal";
  expect_rest_is_done(world);
  expect_same(world.effects(), undisturbed);
}

}  // namespace lernd
