// The words of `lernd run`, where no server is needed.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "fault/reconciliation_world.h"
#include "integration/program.h"
#include "support/seed.h"

namespace lernd {
namespace {

constexpr int kRequests = 30;

class RunWords : public testing::Test {
 protected:
  Finished run_with(std::vector<std::string> more) {
    more.insert(more.end(), {"--until-end", "--http", "off"});
    return run(world_.command(std::move(more)), kLimit);
  }

  ReconciliationWorld world_{test_seed(), {.learners = 20, .requests = kRequests, .embedded = true}};
};

TEST_F(RunWords, UntilEndStopsWhenEverythingIsDone) {
  const auto first = run_with({});
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_TRUE(first.err.contains("31 of 31 events")) << first.err;
  EXPECT_EQ(world_.committed(), Offset{kRequests + 1});
  const auto again = run_with({});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(lines_with(again.err, "job ended").size(), 1u) << again.err;
  EXPECT_TRUE(again.err.contains("\"records\":\"0\"")) << again.err;
  expect_same(world_.effects(), world_.undisturbed());
}

TEST_F(RunWords, SetWinsOverTheFileAndMayBeForOneJob) {
  const auto letters = "lernd.dead_letter_topic=" + dead_letter_topic(world_.job(), world_.values());
  const auto group = run_with({"--set", letters, "--set", "kafka.groupId=first", "--set", "enrolment-reconciliation:activity.module.aggs.enabled=false"});
  EXPECT_EQ(group.code, 0) << group.err;
  EXPECT_EQ(world_.committed(), std::nullopt) << "the group of the command line was not taken";
  const auto aggregates = [](const Effects& effects) {
    return std::ranges::count_if(effects.rows, [](const auto& row) { return row.contains("user_activity_agg"); });
  };
  EXPECT_GT(aggregates(world_.effects()), 0);
  EXPECT_LT(aggregates(world_.effects()), aggregates(world_.undisturbed())) << "the aggregates of units were not left out";
  for (const auto* wrong : {"kafka.groupid=first", "another-job:kafka.groupId=first", "kafka.groupId", "lernd.workers=none"}) {
    const auto refused = run_with({"--set", wrong});
    EXPECT_EQ(refused.code, 2) << wrong;
    EXPECT_EQ(lines_with(refused.err, "lernd run: ").size(), 1u) << refused.err;
  }
}

TEST_F(RunWords, AJobNamedTwiceIsAnError) {
  auto command = world_.command({"--until-end", "--http", "off"});
  command.words.insert(command.words.begin() + 2, "enrolment-reconciliation");
  const auto refused = run(command, kLimit);
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(refused.err.contains("the job enrolment-reconciliation is named twice")) << refused.err;
  EXPECT_EQ(world_.committed(), std::nullopt);
}

TEST_F(RunWords, AFileThatIsIncludedMustBeThere) {
  std::filesystem::remove(std::filesystem::path(world_.config()).parent_path() / "base-config.conf");
  const auto refused = run_with({});
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(refused.err.contains("base-config.conf")) << refused.err;
  EXPECT_TRUE(refused.err.contains("job.conf:1")) << refused.err;
}

}  // namespace
}  // namespace lernd
