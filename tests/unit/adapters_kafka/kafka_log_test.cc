#include "adapters/kafka/kafka_log.h"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "broker_fixture.h"

namespace lernd {
namespace {

class KafkaLog : public BrokerTest {};

TEST_F(KafkaLog, DeliversBytesAsTheyAre) {
  const auto topic = new_topic();
  const std::vector<OutputRecord> sent = {
      {topic, "key", "value", {{"name", "one"}, {"name", ""}}},
      {topic, std::nullopt, std::nullopt, {}},
      {topic, "", "", {}},
      {topic, std::string("\0\xff", 2), "é\"\n", {}},
  };
  ASSERT_TRUE(admin().produce(sent, 0));
  const auto log = member(options(), topic, unique("group"));
  Seen seen;
  poll_until(*log, seen, [&] { return seen.count() == sent.size(); });
  const auto& records = seen.records.at({topic, 0});
  for (std::size_t i = 0; i < sent.size(); ++i) {
    EXPECT_EQ(records[i].offset.value, static_cast<std::int64_t>(i));
    EXPECT_EQ(records[i].key, sent[i].key);
    EXPECT_EQ(records[i].value, sent[i].value);
    EXPECT_EQ(records[i].headers, sent[i].headers);
    EXPECT_GT(records[i].time.ms, 1'600'000'000'000);
  }
  EXPECT_EQ(seen.assigned, (std::vector<TopicPartition>{{topic, 0}}));
}

TEST_F(KafkaLog, CommitMovesOutputsAndPositionsTogether) {
  const auto topic = new_topic();
  const auto output = new_topic();
  const auto group = unique("group");
  produce(topic, 0, 10);
  {
    const auto log = member(options(), topic, group);
    Seen seen;
    poll_until(*log, seen, [&] { return seen.count() == 10; });
    const std::vector<OutputRecord> outputs = {{output, std::nullopt, "a", {}}, {output, std::nullopt, "b", {}}};
    const std::vector<Position> positions = {{{topic, 0}, {4}}};
    ASSERT_TRUE(log->commit(outputs, positions));
    EXPECT_EQ(settled_values(output, 2), (std::vector<std::string>{"a", "b"}));
  }
  const auto next = member(options(), topic, group);
  Seen seen;
  poll_until(*next, seen, [&] { return seen.count() == 6; });
  EXPECT_EQ(values(seen.records.at({topic, 0})), numbers(4, 10));
}

TEST_F(KafkaLog, CommitWithoutOutputsMovesPositions) {
  const auto topic = new_topic();
  const auto group = unique("group");
  produce(topic, 0, 3);
  const auto log = member(options(), topic, group);
  Seen seen;
  poll_until(*log, seen, [&] { return seen.ends.contains({topic, 0}); });
  EXPECT_EQ(seen.ends.at({topic, 0}).value, 3);
  const std::vector<Position> positions = {{{topic, 0}, {3}}};
  ASSERT_TRUE(log->commit({}, positions));
  const auto progress = log->progress();
  ASSERT_TRUE(progress);
  ASSERT_EQ(progress->size(), 1u);
  EXPECT_EQ(progress->front().committed, Offset{3});
  EXPECT_EQ(progress->front().lag(), 0);
}

TEST_F(KafkaLog, AtLeastOnceGoesWithoutTransactions) {
  const auto topic = new_topic();
  const auto output = new_topic();
  produce(topic, 0, 3);
  auto how = options();
  how.transactional = false;
  how.transactional_id.clear();
  const auto log = member(how, topic, unique("group"));
  Seen seen;
  poll_until(*log, seen, [&] { return seen.count() == 3; });
  const std::vector<OutputRecord> outputs = {{output, std::nullopt, "a", {}}};
  const std::vector<Position> positions = {{{topic, 0}, {3}}};
  ASSERT_TRUE(log->commit(outputs, positions));
  EXPECT_EQ(values(output), std::vector<std::string>{"a"});
  const auto read = admin().read({output, 0}, {0}, 10);
  ASSERT_TRUE(read);
  ASSERT_TRUE(admin().produce(std::vector<OutputRecord>{{output, std::nullopt, "b", {}}}, 0));
  EXPECT_EQ(admin().read({output, 0}, {1}, 10)->front().offset.value, 1) << "a transaction marker stands between";
}

TEST_F(KafkaLog, OutputsAreSeenOnceAndInOrderWhileTheGroupMoves) {
  const auto topic = new_topic(2);
  const auto output = new_topic();
  constexpr int kRecords = 60;
  produce(topic, 0, kRecords, 0);
  const auto group = unique("group");
  const auto log = member(options(), topic, group);
  Seen seen;
  poll_until(*log, seen, [&] { return seen.count() == kRecords && seen.assigned.size() == 2; });

  std::atomic<bool> done = false;
  std::atomic<int> looks = 0;
  std::string violation;
  std::thread observer([&] {
    const auto reader = std::move(*make_kafka_topic_admin(options()));
    for (; !done; ++looks) {
      const auto read = reader->read({output, 0}, {0}, 1000);
      if (read && values(*read) != numbers(0, static_cast<int>(read->size()))) violation = "the outputs are not a beginning of what is committed";
    }
  });
  for (int i = 0; i < kRecords; ++i) {
    const std::vector<OutputRecord> outputs = {{output, std::nullopt, std::to_string(i), {}}};
    const std::vector<Position> positions = {{{topic, 0}, {i + 1}}};
    commit(*log, seen, outputs, positions);
    if (i == 20) {  // comes for the other partition, and goes before it is settled
      const auto other = member(options(), topic, group);
      (void)other->poll({.wait = 10ms});
    }
  }
  done = true;
  observer.join();
  EXPECT_EQ(violation, "");
  EXPECT_GT(looks, 3);
  EXPECT_EQ(settled_values(output, kRecords), numbers(0, kRecords));
  EXPECT_EQ(log->progress()->front().committed, Offset{kRecords});
}

TEST_F(KafkaLog, APauseInABacklogNeitherLosesNorRepeats) {
  const auto topic = new_topic(2);
  constexpr int kRecords = 20'000;
  produce(topic, 0, kRecords, 0);
  produce(topic, 0, kRecords, 1);
  const auto log = member(options(), topic, unique("group"));
  const std::vector<TopicPartition> first = {{topic, 0}};
  Seen seen;
  poll_until(*log, seen, [&] { return seen.records[first[0]].size() >= 100; }, {.records = 100});
  for (int round = 0; round < 20; ++round) {
    log->pause(first);
    const auto held = seen.records[first[0]].size();
    for (int i = 0; i < 5; ++i) seen.add(log->poll({.records = 50, .wait = 10ms}));
    EXPECT_EQ(seen.records[first[0]].size(), held) << "records of a paused partition were handed out";
    log->pause(first);  // twice is once
    log->resume(first);
    log->resume(first);
    poll_until(*log, seen, [&] { return seen.records[first[0]].size() > held; }, {.records = 50});
  }
  poll_until(*log, seen, [&] { return seen.count() >= 2 * kRecords; });
  EXPECT_EQ(values(seen.records[first[0]]), numbers(0, kRecords));
  EXPECT_EQ(values(seen.records[{topic, 1}]), numbers(0, kRecords));
  seen.add(log->poll({.wait = 300ms}));
  EXPECT_EQ(seen.count(), 2u * kRecords);
}

TEST_F(KafkaLog, PauseBeforeTheFirstRecordIsKept) {
  const auto topic = new_topic();
  produce(topic, 0, 100);
  const auto log = member(options(), topic, unique("group"));
  const std::vector<TopicPartition> all = {{topic, 0}};
  Seen seen;
  poll_until(*log, seen, [&] { return !seen.assigned.empty(); }, {.records = 1});
  log->pause(all);
  const auto held = seen.count();
  for (int i = 0; i < 5; ++i) seen.add(log->poll({.wait = 50ms}));
  EXPECT_EQ(seen.count(), held);
  log->resume(all);
  poll_until(*log, seen, [&] { return seen.count() == 100; });
  EXPECT_EQ(values(seen.records[all[0]]), numbers(0, 100));
}

TEST_F(KafkaLog, APollEndsAtItsLimits) {
  const auto topic = new_topic();
  std::vector<OutputRecord> records;
  for (int i = 0; i < 50; ++i) records.push_back({topic, std::nullopt, std::string(1000, 'x'), {}});
  ASSERT_TRUE(admin().produce(records, 0));
  const auto log = member(options(), topic, unique("group"));
  Seen seen;
  poll_until(*log, seen, [&] { return seen.count() >= 7; }, {.records = 7});
  EXPECT_EQ(seen.count(), 7u);
  seen.add(log->poll({.records = 500, .bytes = 2500, .wait = 10s}));
  EXPECT_EQ(seen.count(), 10u) << "the record that passes the limit is the last";
  seen.add(log->poll({.records = 500, .bytes = 1, .wait = 10s}));
  EXPECT_EQ(seen.count(), 11u) << "a record larger than the limit is handed out alone";
}

TEST_F(KafkaLog, ARecordLargerThanEveryLimitIsDelivered) {
  const auto topic = new_topic();
  const std::string large(12u << 20, 'x');
  const std::vector<OutputRecord> records = {{topic, std::nullopt, "before", {}}, {topic, std::nullopt, large, {}}, {topic, std::nullopt, "after", {}}};
  ASSERT_TRUE(admin().produce(records, 0));
  const auto output = new_topic();
  const auto log = member(options(), topic, unique("group"));
  Seen seen;
  poll_until(*log, seen, [&] { return seen.count() == 3; });
  EXPECT_EQ(seen.records[(TopicPartition{topic, 0})][1].value, large);
  const std::vector<OutputRecord> dead_letter = {{output, std::nullopt, large, {}}};
  const std::vector<Position> positions = {{{topic, 0}, {3}}};
  const auto committed = log->commit(dead_letter, positions);
  ASSERT_TRUE(committed) << committed.error().text;
  EXPECT_EQ(settled_values(output, 1).front().size(), large.size());
}

TEST_F(KafkaLog, AnOutputTheBrokerRefusesForItsSizeIsARejectAndLeavesNothing) {
  const auto topic = new_topic();
  const auto output = new_topic();
  produce(topic, 0, 1);
  const auto log = member(options(), topic, unique("group"));
  Seen seen;
  poll_until(*log, seen, [&] { return seen.count() == 1; });
  const std::vector<Position> positions = {{{topic, 0}, {1}}};
  std::string large(20u << 20, ' ');  // more than the broker takes, and nothing that compression would make smaller
  std::ranges::generate(large, [random = std::mt19937()]() mutable { return static_cast<char>(random()); });
  const std::vector<OutputRecord> outputs = {{output, std::nullopt, "small", {}}, {output, std::nullopt, large, {}}};
  const auto refused = log->commit(outputs, positions);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().treatment, Treatment::reject) << refused.error().text;
  EXPECT_EQ(refused.error().code, ErrorCode::oversized_record);
  EXPECT_TRUE(refused.error().text.contains(output)) << refused.error().text;
  EXPECT_TRUE(values(output).empty());
  const auto without = log->commit(std::span(outputs).first(1), positions);
  ASSERT_TRUE(without) << without.error().text;
  EXPECT_EQ(settled_values(output, 1), std::vector<std::string>{"small"});
}

TEST_F(KafkaLog, WakeEndsAWaitingPoll) {
  const auto topic = new_topic();
  const auto log = member(options(), topic, unique("group"));
  Seen seen;
  poll_until(*log, seen, [&] { return seen.ends.contains({topic, 0}); });
  const auto begun = std::chrono::steady_clock::now();
  log->wake();
  EXPECT_TRUE(log->poll({.wait = 30s}));
  std::thread waker([&] {
    std::this_thread::sleep_for(50ms);
    log->wake();
  });
  EXPECT_TRUE(log->poll({.wait = 30s}));
  waker.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 10s);
}

TEST_F(KafkaLog, ProgressKnowsEveryPartition) {
  const auto topic = new_topic(3);
  produce(topic, 0, 5, 1);
  const auto log = member(options(), topic, unique("group"));
  auto progress = log->progress();
  ASSERT_TRUE(progress) << progress.error().text;
  const std::vector<std::int64_t> ends = {0, 5, 0};
  for (int i = 0; i < 3; ++i) {
    const auto& each = (*progress)[static_cast<std::size_t>(i)];
    EXPECT_EQ(each.source, (TopicPartition{topic, i}));
    EXPECT_EQ(each.committed, std::nullopt);
    EXPECT_EQ(each.begin.value, 0);
    EXPECT_EQ(each.end.value, ends[static_cast<std::size_t>(i)]);
  }
}

TEST_F(KafkaLog, AMissingTopicIsFatalAndNamed) {
  const auto topic = unique("missing");
  const auto log = member(options(), topic, unique("group"));
  Seen seen;
  poll_until(*log, seen, [&] { return !seen.errors.empty(); });
  EXPECT_EQ(seen.errors.front().treatment, Treatment::fatal);
  EXPECT_EQ(seen.errors.front().code, ErrorCode::not_found);
  EXPECT_TRUE(seen.errors.front().text.contains(topic)) << seen.errors.front().text;
  const auto progress = log->progress();
  ASSERT_FALSE(progress);
  EXPECT_EQ(progress.error().code, ErrorCode::not_found);
}

TEST_F(KafkaLog, AMissingOutputTopicIsFatalAndNamed) {
  const auto topic = new_topic();
  const auto output = unique("missing");
  produce(topic, 0, 1);
  const auto log = member(options(), topic, unique("group"));
  Seen seen;
  poll_until(*log, seen, [&] { return seen.count() == 1; });
  const std::vector<OutputRecord> outputs = {{output, std::nullopt, "a", {}}};
  const std::vector<Position> positions = {{{topic, 0}, {1}}};
  const auto begun = std::chrono::steady_clock::now();
  const auto committed = log->commit(outputs, positions);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 35s);
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().code, ErrorCode::not_found) << committed.error().text;
  EXPECT_TRUE(committed.error().text.contains(output)) << committed.error().text;
}

}  // namespace
}  // namespace lernd
