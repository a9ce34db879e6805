#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/kafka/kafka_log.h"
#include "support/services.h"

namespace lernd {

using namespace std::chrono_literals;

/// Everything that polls brought, put together.
struct Seen {
  std::map<TopicPartition, std::vector<Record>> records;
  std::map<TopicPartition, Offset> ends;
  std::vector<TopicPartition> assigned;
  std::vector<TopicPartition> revoked;
  std::vector<Error> errors;

  void add(Result<Polled> polled) {
    if (!polled) {
      errors.push_back(polled.error());
      return;
    }
    for (auto& batch : polled->batches) {
      auto& known = records[batch.source];
      std::ranges::move(batch.records, std::back_inserter(known));
    }
    for (const auto& end : polled->ends) ends[end.source] = end.next;
    assigned.insert(assigned.end(), polled->assigned.begin(), polled->assigned.end());
    revoked.insert(revoked.end(), polled->revoked.begin(), polled->revoked.end());
  }

  std::size_t count() const {
    std::size_t count = 0;
    for (const auto& [source, list] : records) count += list.size();
    return count;
  }
};

/// Tests against the real broker of tools/services. Every test has topics and groups of its own.
class BrokerTest : public ::testing::Test {
 protected:
  static constexpr auto kLimit = 60s;

  KafkaOptions options() {
    return {.brokers = services_.kafka(), .auto_offset_reset = "earliest", .transactional_id = unique("producer"), .request_timeout = 10s};
  }

  std::string unique(const std::string& what) {
    static int count = 0;
    const auto now = std::chrono::system_clock::now().time_since_epoch() / 1ms;
    return what + "-" + std::to_string(getpid()) + "-" + std::to_string(now) + "-" + std::to_string(++count);
  }

  TopicAdmin& admin() {
    if (!admin_) {
      auto made = make_kafka_topic_admin(options());
      if (!made) throw std::runtime_error(made.error().text);
      admin_ = std::move(*made);
    }
    return *admin_;
  }

  std::string new_topic(int partitions = 1) {
    auto topic = unique("topic");
    if (auto created = admin().create(topic, partitions); !created) throw std::runtime_error(created.error().text);
    topics_.push_back(topic);
    return topic;
  }

  void produce(const std::string& topic, int from, int to, int partition = 0) {
    std::vector<OutputRecord> records;
    for (int i = from; i < to; ++i) records.push_back({topic, std::nullopt, std::to_string(i), {}});
    auto produced = admin().produce(records, partition);
    if (!produced) throw std::runtime_error(produced.error().text);
  }

  std::unique_ptr<EventLog> member(const KafkaOptions& options, const std::string& topic, const std::string& group) {
    auto made = make_kafka_event_log(options, topic, group);
    if (!made) throw std::runtime_error(made.error().text);
    return std::move(*made);
  }

  /// Polls until `enough` holds; fails the test when it does not within the limit.
  static void poll_until(EventLog& log, Seen& seen, const std::function<bool()>& enough, PollLimits limits = {}) {
    const auto end = std::chrono::steady_clock::now() + kLimit;
    while (!enough()) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << "waited in vain; last error: " << (seen.errors.empty() ? "none" : seen.errors.back().text);
      seen.add(log.poll(limits));
    }
  }

  std::vector<std::string> values(const std::string& topic, int partition = 0) {
    const auto read = admin().read({topic, partition}, {0}, 1'000'000);
    if (!read) throw std::runtime_error(read.error().text);
    return values(*read);
  }

  /// What a partition holds once it has `count` records: a transaction shows a moment after its commit.
  std::vector<std::string> settled_values(const std::string& topic, std::size_t count, int partition = 0) {
    const auto end = std::chrono::steady_clock::now() + kLimit;
    auto found = values(topic, partition);
    while (found.size() < count && std::chrono::steady_clock::now() < end) found = values(topic, partition);
    return found;
  }

  /// Commits as the worker does: what may pass is repeated after a poll.
  static void commit(EventLog& log, Seen& seen, std::span<const OutputRecord> outputs, std::span<const Position> positions) {
    const auto end = std::chrono::steady_clock::now() + kLimit;
    for (auto done = log.commit(outputs, positions); !done; done = log.commit(outputs, positions)) {
      ASSERT_EQ(done.error().treatment, Treatment::retry) << done.error().text;
      ASSERT_NE(done.error().code, ErrorCode::fenced) << done.error().text;
      ASSERT_LT(std::chrono::steady_clock::now(), end) << done.error().text;
      seen.add(log.poll({.wait = 10ms}));
    }
  }

  static std::vector<std::string> values(const std::vector<Record>& records) {
    std::vector<std::string> values;
    for (const auto& record : records) values.push_back(record.value.value_or("(null)"));
    return values;
  }

  static std::vector<std::string> numbers(int from, int to) {
    std::vector<std::string> numbers;
    for (int i = from; i < to; ++i) numbers.push_back(std::to_string(i));
    return numbers;
  }

  /// A broker is slow to start again with the topics of all tests.
  void TearDown() override {
    for (const auto& topic : topics_) EXPECT_TRUE(admin().remove(topic)) << topic;
  }

  Servers services_ = Servers::from_environment();

 private:
  std::vector<std::string> topics_;
  std::unique_ptr<TopicAdmin> admin_;
};

}  // namespace lernd
