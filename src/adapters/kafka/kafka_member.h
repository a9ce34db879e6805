#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "kafka_client.h"

namespace lernd {

/// A consumer in a group on one topic.
///
/// The client's fetch queue is the only place where records wait: what `poll` takes from it is handed out, the rest stays there, and a pause makes the client
/// drop it and fetch it again from the position reached.
///
/// Threads  one, except `wake`.
class KafkaMember {
 public:
  static Result<std::unique_ptr<KafkaMember>> open(const KafkaOptions& options, const std::string& topic, const std::string& group);
  ~KafkaMember();
  KafkaMember(const KafkaMember&) = delete;
  KafkaMember& operator=(const KafkaMember&) = delete;

  /// Joins the group when it is called first.
  Result<Polled> poll(const PollLimits& limits);
  void pause(std::span<const TopicPartition> partitions);
  void resume(std::span<const TopicPartition> partitions);
  void wake();

  /// Fails with `fenced` when one of the positions is of a partition that this member does not have.
  Result<void> require_owned(std::span<const Position> positions) const;

  /// What a transaction has to show to the group's coordinator. Fails with `fenced` while this is no member: the broker would take such offsets unchecked.
  Result<GroupMetadataHandle> membership() const;

  Result<void> commit(std::span<const Position> positions, const Deadline& deadline);

  /// The group's positions, one for each of `partitions`; waits for transactions that are being completed.
  Result<std::vector<std::optional<Offset>>> committed(std::span<const TopicPartition> partitions, const Deadline& deadline);

  Result<std::vector<Progress>> progress(std::chrono::milliseconds time);

  /// Leaves the group. Bounded by the deadline, after which the session time-out does what is left.
  void leave(const Deadline& deadline);

 private:
  KafkaMember(const KafkaOptions& options, std::string topic, std::string group) : options_(options), topic_(std::move(topic)), group_(std::move(group)) {}
  Result<void> join();
  void rebalance(rd_kafka_resp_err_t event, rd_kafka_topic_partition_list_t* partitions);
  void take(const rd_kafka_topic_partition_list_t& partitions);
  void give_back(rd_kafka_topic_partition_list_t* partitions);
  void accept(const rd_kafka_message_t& message, Polled& polled, std::size_t& bytes);
  void accept_error(const rd_kafka_message_t& message);
  Result<void> look_for_brokers(std::chrono::milliseconds wait);
  Result<KafkaClient*> asker();
  void set_paused(std::span<const TopicPartition> partitions, bool pause);

  const KafkaOptions options_;
  const std::string topic_;
  const std::string group_;
  std::unique_ptr<KafkaClient> client_;
  std::unique_ptr<KafkaClient> asker_;
  std::mutex wake_lock_;  // `wake` may come while `leave` destroys the queue
  QueueHandle queue_;
  bool joined_ = false;
  bool was_assigned_ = false;  // ever
  std::set<TopicPartition> owned_;
  std::set<TopicPartition> paused_;
  std::vector<TopicPartition> assigned_;  // by callbacks of this poll
  std::vector<TopicPartition> revoked_;
  std::optional<Error> pending_;  // met after records were already taken: returned by the next poll
  bool check_topic_ = false;      // the client said that the topic is not there
};

}  // namespace lernd
