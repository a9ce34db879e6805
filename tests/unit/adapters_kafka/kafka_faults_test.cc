// Killed processes, a process that slept too long, a broker that goes away: every record is copied once, in the order of its partition.
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <csignal>
#include <random>

#include "broker_fixture.h"
#include "support/process.h"
#include "support/seed.h"

namespace lernd {
namespace {

class KafkaFaults : public BrokerTest {
 protected:
  static constexpr int kPartitions = 4;
  static constexpr int kPerPartition = 2500;

  void SetUp() override {
    for (int partition = 0; partition < kPartitions; ++partition) {
      std::vector<OutputRecord> records;
      for (int i = 0; i < kPerPartition; ++i) records.push_back({input_, std::to_string(partition), std::to_string(i), {}});
      ASSERT_TRUE(admin().produce(records, partition));
    }
  }

  Process copier(const std::string& id, const std::string& session_timeout_ms = "1500") {
    return Process({.words = {KAFKA_COPIER, services_.kafka(), input_, output_, group_, group_ + "-" + id, session_timeout_ms}});
  }

  std::size_t copied() {
    const auto read = admin().read({output_, 0}, {0}, 1'000'000);
    return read ? read->size() : 0;
  }

  /// Waits until everything is copied by processes that run, and stops them.
  void finish(std::initializer_list<Process*> copiers) {
    constexpr std::size_t kAll = kPartitions * kPerPartition;
    const auto end = std::chrono::steady_clock::now() + 180s;
    for (auto count = copied(); count < kAll; count = copied()) {
      std::string said;
      for (auto* each : copiers) said += each->err();
      ASSERT_LT(std::chrono::steady_clock::now(), end) << count << " records copied; " << said;
      std::this_thread::sleep_for(100ms);
    }
    for (auto* each : copiers) {
      each->signal(SIGTERM);
      EXPECT_EQ(each->wait(30s), 0) << each->err();
    }
    expect_copied_once();
  }

  void expect_copied_once() {
    const auto read = admin().read({output_, 0}, {0}, 1'000'000);
    ASSERT_TRUE(read) << read.error().text;
    std::map<std::string, std::vector<std::string>> by_partition;
    for (const auto& record : *read) by_partition[record.key.value_or("")].push_back(record.value.value_or(""));
    for (int partition = 0; partition < kPartitions; ++partition) {
      EXPECT_EQ(by_partition[std::to_string(partition)], numbers(0, kPerPartition)) << "partition " << partition;
    }
    const auto log = member(options(), input_, group_);
    const auto progress = log->progress();
    ASSERT_TRUE(progress) << progress.error().text;
    for (const auto& each : *progress) EXPECT_EQ(each.lag(), 0);
  }

  /// Records in the output topic that belong to no committed transaction: the kills struck inside transactions.
  std::size_t aborted() {
    auto* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", services_.kafka().c_str(), nullptr, 0);
    rd_kafka_conf_set(conf, "isolation.level", "read_uncommitted", nullptr, 0);
    rd_kafka_conf_set(conf, "enable.partition.eof", "true", nullptr, 0);
    auto* client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, nullptr, 0);
    auto* topic = rd_kafka_topic_new(client, output_.c_str(), nullptr);
    rd_kafka_consume_start(topic, 0, RD_KAFKA_OFFSET_BEGINNING);
    std::size_t count = 0;
    for (auto at_end = false; !at_end;) {
      auto* message = rd_kafka_consume(topic, 0, 10000);
      at_end = message == nullptr || message->err != RD_KAFKA_RESP_ERR_NO_ERROR;
      if (!at_end) ++count;
      if (message != nullptr) rd_kafka_message_destroy(message);
    }
    rd_kafka_consume_stop(topic, 0);
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(client);
    return count - copied();
  }

  const std::string input_ = new_topic(kPartitions);
  const std::string output_ = new_topic();
  const std::string group_ = unique("group");
};

TEST_F(KafkaFaults, KilledAtAnyTimeItIsCarriedOnByTheNext) {
  std::mt19937 random(test_seed());
  constexpr int kMostLives = 40;
  int lives = 0;
  // A kill strikes inside a transaction or between two; one inside is what this test is for.
  for (; lives < kMostLives && (lives < 3 || aborted() == 0); ++lives) {
    auto process = copier("one");
    ASSERT_TRUE(process.wait_for_output("committed", kLimit)) << process.err();
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 200));
    process.kill();
  }
  EXPECT_GT(aborted(), 0u) << "no kill struck inside a transaction";
  auto last = copier("one");
  finish({&last});
}

TEST_F(KafkaFaults, OfTwoMembersOneIsKilled) {
  auto first = copier("one");
  auto second = copier("two");
  ASSERT_TRUE(first.wait_for_output("committed", kLimit)) << first.err();
  ASSERT_TRUE(second.wait_for_output("committed", kLimit)) << second.err();
  second.kill();
  finish({&first});
}

TEST_F(KafkaFaults, OfTwoMembersOneLeaves) {
  auto first = copier("one");
  auto second = copier("two");
  ASSERT_TRUE(first.wait_for_output("committed", kLimit)) << first.err();
  ASSERT_TRUE(second.wait_for_output("committed", kLimit)) << second.err();
  second.signal(SIGTERM);
  EXPECT_EQ(second.wait(30s), 0) << second.err();
  finish({&first});
}

TEST_F(KafkaFaults, AMemberThatSleptTooLongCommitsNothing) {
  auto sleeper = copier("one");
  ASSERT_TRUE(sleeper.wait_for_output("committed", kLimit)) << sleeper.err();
  sleeper.signal(SIGSTOP);
  auto other = copier("two");
  ASSERT_TRUE(other.wait_for_output("committed", kLimit)) << other.err();
  sleeper.signal(SIGCONT);
  finish({&sleeper, &other});
}

TEST_F(KafkaFaults, TheBrokerIsKilledInTheMiddle) {
  auto process = copier("one", "45000");
  ASSERT_TRUE(process.wait_for_output("committed", kLimit)) << process.err();
  services_.kill("kafka");
  services_.start("kafka");
  finish({&process});
}

}  // namespace
}  // namespace lernd
