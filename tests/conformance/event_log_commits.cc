// Commits: outputs and positions, together or not at all.
#include "conformance/event_log_suite.h"

namespace lernd {
namespace {

TEST_P(EventLogSuite, OutputsAndPositionsAreCommittedTogether) {
  const std::string input = new_topic(1);
  const std::string out = new_topic(1);
  produce(input, 0, numbered("v", 3));
  const auto log = join(input);
  const Collected collected = take(*log, 3);
  EXPECT_TRUE(all_values(out).empty());
  const std::vector<OutputRecord> outputs = {output(out, "one"), output(out, "two")};
  const std::vector<Position> positions = {behind(input, 0, collected.records.at(0).back())};
  ASSERT_TRUE(ok(log->commit(outputs, positions)));
  EXPECT_EQ(all_values(out), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(progress_of(*log).committed, positions[0].next);
  EXPECT_EQ(progress_of(*log).lag(), 0);
}

TEST_P(EventLogSuite, OutputsKeepTheirOrderOverManyCommits) {
  const std::string input = new_topic(1);
  const std::string out = new_topic(1);
  constexpr int kCommits = 5;
  constexpr int kOutputs = 400;
  produce(input, 0, numbered("v", kCommits));
  const auto log = join(input);
  const Collected collected = take(*log, kCommits);
  std::vector<std::string> expected;
  for (int i = 0; i < kCommits; ++i) {
    std::vector<OutputRecord> outputs;
    for (const std::string& value : numbered("c" + std::to_string(i) + "-", kOutputs)) {
      outputs.push_back(output(out, value));
      expected.push_back(value);
    }
    const std::vector<Position> positions = {behind(input, 0, collected.records.at(0)[static_cast<std::size_t>(i)])};
    ASSERT_TRUE(ok(log->commit(outputs, positions)));
  }
  EXPECT_EQ(all_values(out), expected);
}

TEST_P(EventLogSuite, OutputsKeepKeysHeadersAndTombstones) {
  const std::string input = new_topic(1);
  const std::string out = new_topic(1);
  produce(input, 0, {"v"});
  const auto log = join(input);
  const Collected collected = take(*log, 1);
  const std::vector<OutputRecord> outputs = {{.topic = out, .key = "k", .value = std::nullopt, .headers = {{"reason", "a"}, {"reason", "b"}}},
                                             {.topic = out, .key = std::nullopt, .value = "", .headers = {}}};
  ASSERT_TRUE(ok(log->commit(outputs, std::vector<Position>{behind(input, 0, collected.records.at(0)[0])})));
  const auto records = all_records(out);
  ASSERT_EQ(records.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(records[i].key, outputs[i].key);
    EXPECT_EQ(records[i].value, outputs[i].value);
    EXPECT_EQ(records[i].headers, outputs[i].headers);
  }
}

TEST_P(EventLogSuite, WhatWasNotCommittedComesAgain) {
  const std::string topic = new_topic(1);
  produce(topic, 0, numbered("v", 5));
  {
    const auto log = join(topic);
    const Collected collected = take(*log, 5);
    ASSERT_TRUE(ok(log->commit({}, std::vector<Position>{behind(topic, 0, collected.records.at(0)[1])})));
  }
  const auto log = join(topic);
  EXPECT_EQ(take(*log, 3).values(0), (std::vector<std::string>{"v2", "v3", "v4"}));
}

TEST_P(EventLogSuite, WhatWasCommittedDoesNotComeAgain) {
  const std::string topic = new_topic(1);
  produce(topic, 0, numbered("v", 5));
  {
    const auto log = join(topic);
    const Collected collected = take(*log, 5);
    ASSERT_TRUE(ok(log->commit({}, std::vector<Position>{behind(topic, 0, collected.records.at(0).back())})));
    log->close();
  }
  const auto log = join(topic);
  Collected collected;
  poll_until(*log, collected, [&] { return collected.ends.contains(0); });
  EXPECT_EQ(collected.count(), 0u);
}

TEST_P(EventLogSuite, GroupsDoNotKnowEachOthersPositions) {
  const std::string topic = new_topic(1);
  produce(topic, 0, numbered("v", 3));
  const auto first = join(topic, "first");
  const Collected collected = take(*first, 3);
  ASSERT_TRUE(ok(first->commit({}, std::vector<Position>{behind(topic, 0, collected.records.at(0).back())})));
  const auto second = join(topic, "second");
  EXPECT_EQ(progress_of(*second).committed, std::nullopt);
  EXPECT_EQ(take(*second, 3).values(0), numbered("v", 3));
}

TEST_P(EventLogSuite, AFailedCommitLeavesNothingAndMayBeRepeated) {
  const std::string input = new_topic(1);
  const std::string out = new_topic(1);
  const std::string missing = unique_name("nowhere");
  produce(input, 0, {"v"});
  const auto log = join(input);
  const Collected collected = take(*log, 1);
  const std::vector<Position> positions = {behind(input, 0, collected.records.at(0)[0])};
  const std::vector<OutputRecord> outputs = {output(out, "one"), output(missing, "two")};
  EXPECT_TRUE(failed(log->commit(outputs, positions), Treatment::fatal, ErrorCode::not_found, {missing}));
  EXPECT_TRUE(all_values(out).empty());
  EXPECT_EQ(progress_of(*log).committed, std::nullopt);

  ASSERT_TRUE(ok(log->commit(std::span(outputs).first(1), positions)));
  EXPECT_EQ(all_values(out), (std::vector<std::string>{"one"}));
  EXPECT_EQ(progress_of(*log).committed, positions[0].next);
}

// Offsets have gaps where transactions ended: a topic that commits wrote to is read like any other.
TEST_P(EventLogSuite, GapsBetweenOffsetsLoseNothing) {
  const std::string input = new_topic(1);
  const std::string middle = new_topic(1);
  produce(input, 0, numbered("v", 10));
  const auto writer = join(input);
  const Collected read = take(*writer, 10);
  for (std::size_t i = 0; i < 10; ++i) {
    const std::vector<OutputRecord> outputs = {output(middle, "o" + std::to_string(i))};
    ASSERT_TRUE(ok(writer->commit(outputs, std::vector<Position>{behind(input, 0, read.records.at(0)[i])})));
  }
  {
    const auto log = join(middle);
    const Collected collected = take(*log, 10);
    EXPECT_EQ(collected.values(0), numbered("o", 10));
    ASSERT_TRUE(ok(log->commit({}, std::vector<Position>{behind(middle, 0, collected.records.at(0)[4])})));
  }
  const auto log = join(middle);
  Collected rest;
  poll_until(*log, rest, [&] { return rest.count() == 5 && rest.ends.contains(0); });
  EXPECT_EQ(rest.values(0), (std::vector<std::string>{"o5", "o6", "o7", "o8", "o9"}));
  // The end lies behind what the last transaction left; a group that has moved there has nothing left to do.
  ASSERT_TRUE(ok(log->commit({}, std::vector<Position>{{{middle, 0}, rest.ends[0]}})));
  EXPECT_EQ(progress_of(*log).lag(), 0);
}

TEST_P(EventLogSuite, PositionsOfSeveralPartitionsMoveTogether) {
  const std::string topic = new_topic(3);
  for (int partition = 0; partition < 3; ++partition) produce(topic, partition, numbered("v", 4));
  {
    const auto log = join(topic);
    const Collected collected = take(*log, 12);
    std::vector<Position> positions;
    for (const auto& [partition, records] : collected.records) positions.push_back(behind(topic, partition, records[static_cast<std::size_t>(partition)]));
    ASSERT_TRUE(ok(log->commit({}, positions)));
  }
  const auto log = join(topic);
  const Collected rest = take(*log, 3 + 2 + 1);
  EXPECT_EQ(rest.values(0).size(), 3u);
  EXPECT_EQ(rest.values(1).size(), 2u);
  EXPECT_EQ(rest.values(2).size(), 1u);
}

TEST_P(EventLogSuite, ACommitOfNothingWorks) {
  const std::string topic = new_topic(1);
  const auto log = join(topic);
  Collected collected;
  poll_until(*log, collected, [&] { return collected.assigned.contains(0); });
  EXPECT_TRUE(ok(log->commit({}, {})));
  EXPECT_EQ(progress_of(*log).committed, std::nullopt);
}

}  // namespace
}  // namespace lernd
