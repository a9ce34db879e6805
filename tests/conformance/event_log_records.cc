// Reading: what a record brings, where reading begins, how much one poll gives.
#include <atomic>
#include <thread>

#include "conformance/event_log_suite.h"

namespace lernd {
namespace {

TEST_P(EventLogSuite, ARecordComesWithEverythingItHolds) {
  const std::string topic = new_topic(1);
  const std::string bytes("\x00\xff\xfe", 3);
  const std::vector<OutputRecord> records = {
      {.topic = topic, .key = "key", .value = "value", .headers = {{"a", "1"}, {"b", ""}, {"a", "2"}}},
      {.topic = topic, .key = std::nullopt, .value = "no key", .headers = {}},
      {.topic = topic, .key = "tombstone", .value = std::nullopt, .headers = {{"why", "deleted"}}},
      {.topic = topic, .key = "", .value = "", .headers = {}},
      {.topic = topic, .key = bytes, .value = bytes, .headers = {{"bytes", bytes}}},
      {.topic = topic, .key = "ключ", .value = "{\"é\":\"\\\"🎓\"}", .headers = {{"naïve", "ünï"}}},
  };
  const std::int64_t before = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  produce(records, 0);
  const auto log = join(topic);
  const Collected collected = take(*log, records.size());
  const auto& read = collected.records.at(0);
  for (std::size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(read[i].key, records[i].key) << i;
    EXPECT_EQ(read[i].value, records[i].value) << i;
    EXPECT_EQ(read[i].headers, records[i].headers) << i;
    EXPECT_GE(read[i].time.ms, before) << i;
    EXPECT_LE(read[i].time.ms, before + 60000) << i;
  }
  EXPECT_EQ(all_records(topic), read) << "and reading outside a group gives the same";
}

TEST_P(EventLogSuite, RecordsOfAPartitionComeInOrderAndOnce) {
  const std::string topic = new_topic(1);
  const auto values = numbered("v", 2500);
  produce(topic, 0, values);
  const auto log = join(topic);
  const Collected collected = take(*log, values.size());
  EXPECT_EQ(collected.values(0), values);
  Collected more;
  poll(*log, more);
  EXPECT_EQ(more.count(), 0u);
}

TEST_P(EventLogSuite, WhatIsProducedLaterComesLater) {
  const std::string topic = new_topic(1);
  const auto log = join(topic);
  Collected collected;
  poll_until(*log, collected, [&] { return collected.assigned.contains(0); });
  for (int i = 0; i < 3; ++i) {
    produce(topic, 0, {"v" + std::to_string(i)});
    poll_until(*log, collected, [&] { return collected.count() == static_cast<std::size_t>(i) + 1; });
  }
  EXPECT_EQ(collected.values(0), numbered("v", 3));
}

TEST_P(EventLogSuite, KeysKeepToTheirPartition) {
  const std::string topic = new_topic(4);
  std::vector<OutputRecord> records;
  for (int i = 0; i < 200; ++i) {
    records.push_back({.topic = topic, .key = "key" + std::to_string(i % 20), .value = std::to_string(i), .headers = {}});
  }
  produce(records, -1);
  const auto log = join(topic);
  const Collected collected = take(*log, records.size());
  std::map<std::string, std::set<std::int32_t>> homes;
  std::map<std::string, int> last;
  for (const auto& [partition, list] : collected.records) {
    for (const Record& record : list) {
      homes[*record.key].insert(partition);
      const int number = std::stoi(*record.value);
      EXPECT_TRUE(!last.contains(*record.key) || last[*record.key] < number);
      last[*record.key] = number;
    }
  }
  for (const auto& [key, partitions] : homes) EXPECT_EQ(partitions.size(), 1u) << key;
  EXPECT_GT(collected.records.size(), 1u) << "twenty keys in one of four partitions";
}

TEST_P(EventLogSuite, AGroupWithoutPositionsBeginsWhereItIsTold) {
  const std::string topic = new_topic(1);
  produce(topic, 0, {"old"});
  const auto from_end = join(topic, "latest", Reset::latest);
  Collected late;
  poll_until(*from_end, late, [&] { return late.ends.contains(0); });
  produce(topic, 0, {"new"});
  poll_until(*from_end, late, [&] { return late.count() > 0; });
  EXPECT_EQ(late.values(0), (std::vector<std::string>{"new"}));

  const auto from_begin = join(topic, "earliest", Reset::earliest);
  EXPECT_EQ(take(*from_begin, 2).values(0), (std::vector<std::string>{"old", "new"}));
}

TEST_P(EventLogSuite, APollGivesAtMostSoManyRecords) {
  const std::string topic = new_topic(2);
  produce(topic, 0, numbered("a", 20));
  produce(topic, 1, numbered("b", 20));
  const auto log = join(topic);
  const PollLimits limits{.records = 7};
  Collected collected;
  poll_until(
      *log, collected,
      [&, last = std::size_t{0}]() mutable {
        EXPECT_LE(collected.count() - last, 7u);
        last = collected.count();
        return collected.count() == 40;
      },
      limits);
  EXPECT_EQ(collected.values(0), numbered("a", 20));
  EXPECT_EQ(collected.values(1), numbered("b", 20));
}

TEST_P(EventLogSuite, APollGivesAtMostSoManyBytes) {
  const std::string topic = new_topic(1);
  produce(topic, 0, std::vector<std::string>(10, std::string(1000, 'x')));
  const auto log = join(topic);
  const PollLimits limits{.bytes = 2500};
  Collected collected;
  poll_until(
      *log, collected,
      [&, last = std::size_t{0}]() mutable {
        EXPECT_LE(collected.count() - last, 3u) << "the record that passes the limit is the last";
        last = collected.count();
        return collected.count() == 10;
      },
      limits);
}

TEST_P(EventLogSuite, ARecordLargerThanTheLimitComesAlone) {
  const std::string topic = new_topic(1);
  produce(topic, 0, {std::string(5000, 'x'), std::string(5000, 'y'), "small"});
  const auto log = join(topic);
  Collected collected;
  std::vector<std::size_t> sizes;
  poll_until(*log, collected,
             [&, last = std::size_t{0}]() mutable {
               if (collected.count() > last) sizes.push_back(collected.count() - last);
               last = collected.count();
               return collected.count() == 3;
             },
             {.bytes = 1000});
  EXPECT_EQ(sizes, (std::vector<std::size_t>{1, 1, 1}));
}

TEST_P(EventLogSuite, APausedPartitionWaitsAndGoesOnWhereItWas) {
  const std::string topic = new_topic(2);
  produce(topic, 0, numbered("a", 3));
  produce(topic, 1, numbered("b", 3));
  const auto log = join(topic);
  Collected collected = take(*log, 6);
  const std::vector<TopicPartition> first = {{topic, 0}};
  log->pause(first);
  produce(topic, 0, {"held"});
  produce(topic, 1, {"goes"});
  poll_until(*log, collected, [&] { return collected.values(1).size() == 4; });
  for (int i = 0; i < 5; ++i) poll(*log, collected, {.wait = std::chrono::milliseconds(20)});
  EXPECT_EQ(collected.values(0), numbered("a", 3));
  log->resume(first);
  poll_until(*log, collected, [&] { return collected.values(0).size() == 4; });
  EXPECT_EQ(collected.values(0).back(), "held");
}

TEST_P(EventLogSuite, PausingWhatIsNotAssignedIsIgnored) {
  const std::string topic = new_topic(1);
  produce(topic, 0, {"a"});
  const auto log = join(topic);
  const std::vector<TopicPartition> unknown = {{topic, 7}, {"elsewhere", 0}};
  log->pause(unknown);
  log->resume(unknown);
  EXPECT_EQ(take(*log, 1).values(0), (std::vector<std::string>{"a"}));
}

TEST_P(EventLogSuite, TheEndOfAPartitionIsTold) {
  const std::string topic = new_topic(2);
  produce(topic, 0, numbered("a", 5));
  const auto log = join(topic);
  Collected collected;
  poll_until(*log, collected, [&] { return collected.count() == 5 && collected.ends.size() == 2; });
  EXPECT_GE(collected.ends[0], collected.records[0].back().offset.next());
  EXPECT_EQ(collected.ends[1], Offset{0});
}

TEST_P(EventLogSuite, ProgressTellsPositionEndAndLag) {
  const std::string topic = new_topic(2);
  produce(topic, 0, numbered("a", 5));
  const auto log = join(topic);
  Collected collected;
  poll_until(*log, collected, [&] { return collected.count() == 5; });
  EXPECT_EQ(progress_of(*log, 0).committed, std::nullopt);
  EXPECT_EQ(progress_of(*log, 0).lag(), 5);
  EXPECT_EQ(progress_of(*log, 1).lag(), 0);

  const std::vector<Position> positions = {behind(topic, 0, collected.records[0][2])};
  ASSERT_TRUE(ok(log->commit({}, positions)));
  const Progress progress = progress_of(*log, 0);
  EXPECT_EQ(progress.committed, positions[0].next);
  EXPECT_EQ(progress.begin, Offset{0});
  EXPECT_EQ(progress.lag(), 2);
}

TEST_P(EventLogSuite, WakeEndsAWaitingPoll) {
  const std::string topic = new_topic(1);
  const auto log = join(topic);
  Collected collected;
  poll_until(*log, collected, [&] { return collected.ends.contains(0); });
  std::atomic<bool> returned{false};
  // The poll below may not have begun to wait when the first call comes: the other thread goes on until it has returned.
  std::thread waker([&] {
    while (!returned) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      log->wake();
    }
  });
  const auto begin = std::chrono::steady_clock::now();
  const auto polled = log->poll({.wait = std::chrono::minutes(5)});
  returned = true;
  waker.join();
  EXPECT_TRUE(ok(polled));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

TEST_P(EventLogSuite, AnIdlePollReturnsAfterItsWait) {
  const std::string topic = new_topic(1);
  const auto log = join(topic);
  Collected collected;
  poll_until(*log, collected, [&] { return collected.ends.contains(0); });
  const auto begin = std::chrono::steady_clock::now();
  const auto polled = log->poll({.wait = std::chrono::milliseconds(100)});
  ASSERT_TRUE(ok(polled));
  EXPECT_TRUE(polled->batches.empty());
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(95));
}

TEST_P(EventLogSuite, AnUnknownTopicIsFatalAndNamed) {
  const std::string topic = unique_name("nowhere");
  const auto log = join(topic);
  Result<Polled> polled;
  // A broker may take a moment to know that there is no such topic.
  ASSERT_TRUE(eventually([&] {
    polled = log->poll({});
    return !polled && polled.error().treatment != Treatment::retry;
  }));
  EXPECT_TRUE(failed(polled, Treatment::fatal, ErrorCode::not_found, {topic}));
}

TEST_P(EventLogSuite, TopicsAreDescribed) {
  const std::vector<std::string> topics = {new_topic(3), unique_name("nowhere"), new_topic(1)};
  const auto infos = admin_->describe(topics);
  ASSERT_TRUE(ok(infos));
  ASSERT_EQ(infos->size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ((*infos)[i].name, topics[i]);
  EXPECT_EQ((*infos)[0].partitions, 3);
  EXPECT_EQ((*infos)[1].partitions, 0);
  EXPECT_EQ((*infos)[2].partitions, 1);
}

TEST_P(EventLogSuite, CreatingATopicAgainKeepsItsRecords) {
  const std::string topic = new_topic(1);
  produce(topic, 0, {"a"});
  ASSERT_TRUE(ok(admin_->create(topic, 1)));
  EXPECT_EQ(all_values(topic), (std::vector<std::string>{"a"}));
}

TEST_P(EventLogSuite, ARemovedTopicIsGoneAndMayBeRemovedAgain) {
  const std::vector<std::string> topics = {new_topic(2), new_topic(1)};
  produce(topics[0], 0, {"a"});
  produce(topics[1], 0, {"b"});
  ASSERT_TRUE(ok(admin_->remove(topics[0])));
  ASSERT_TRUE(ok(admin_->remove(topics[0])));
  const auto infos = admin_->describe(topics);
  ASSERT_TRUE(ok(infos));
  EXPECT_EQ((*infos)[0].partitions, 0);
  EXPECT_EQ(all_values(topics[1]), (std::vector<std::string>{"b"}));
}

TEST_P(EventLogSuite, ReadingOutsideAGroupBeginsAndEndsWhereItIsTold) {
  const std::string topic = new_topic(1);
  produce(topic, 0, numbered("v", 10));
  const auto some = admin_->read({topic, 0}, Offset{3}, 4);
  ASSERT_TRUE(ok(some));
  ASSERT_EQ(some->size(), 4u);
  EXPECT_EQ(some->front().value, "v3");
  const auto none = admin_->read({topic, 0}, Offset{10}, 4);
  ASSERT_TRUE(ok(none));
  EXPECT_TRUE(none->empty());
}

TEST_P(EventLogSuite, ProducingToAnUnknownTopicIsFatalAndNamed) {
  const std::string topic = unique_name("nowhere");
  const std::vector<OutputRecord> records = {output(topic, "x")};
  EXPECT_TRUE(failed(admin_->produce(records, -1), Treatment::fatal, ErrorCode::not_found, {topic}));
}

}  // namespace
}  // namespace lernd
