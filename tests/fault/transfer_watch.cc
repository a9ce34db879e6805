#include "fault/transfer_watch.h"

#include <gtest/gtest.h>

#include "fault/fault_time.h"

namespace lernd {

void expect_done(TransferWorld& world, Process& process) {
  const auto code = process.wait(kRunLimit);
  ASSERT_EQ(code, 0) << (code ? "" : "it does not end: ") << process.err();
  EXPECT_EQ(world.dead_letters(), 0u);
}

void expect_undisturbed(TransferWorld& world, Process& process) {
  ASSERT_NO_FATAL_FAILURE(expect_done(world, process));
  const Ownership found = world.found();
  expect_same(found, world.expected());
  EXPECT_EQ(found.torn(), std::vector<std::string>());
}

bool paused(const AdminClient& admin) {
  const auto job = admin.job();
  return !job.is_null() && job.at("state") == "waiting" && job.at("partitions").size() == 1 && job.at("partitions").at(0).at("state") == "paused";
}

void expect_waits(Process& process, const AdminClient& admin, std::string_view why) {
  // The first attempts say what happened to each of them.
  const bool waits = wait_until([&] { return paused(admin) && admin.get("/health/ready").body.contains(why); });
  ASSERT_TRUE(waits) << admin.get("/health/ready").body << "\n" << process.err();
  EXPECT_TRUE(wait_until([&] { return admin.get("/health/ready").status == 503; }));
  const int done = admin.records_done();
  EXPECT_TRUE(admin.get("/metrics").body.contains("lernd_retries_total{code="));
  EXPECT_FALSE(process.wait(fault_time())) << "it ended in the middle of a fault: " << process.err();
  EXPECT_TRUE(wait_until([&] { return paused(admin); })) << "while it tries, it is not";
  EXPECT_EQ(admin.records_done(), done);
}

}  // namespace lernd
