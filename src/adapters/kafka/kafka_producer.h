#pragma once

#include <expected>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "kafka_client.h"

namespace lernd {

/// How a transaction ended that did not succeed.
struct TransactionFault {
  Error error;
  /// What readers of committed records see of it: nothing, or we were not told.
  bool outcome_known = true;
};

/// An idempotent producer, with or without transactions. Used by one thread.
///
/// After an error it is of no more use: the sequence numbers of this version of librdkafka do not survive a record that failed. A new
/// producer with the same transactional id ends what this one left open.
class KafkaProducer {
 public:
  /// Sends nothing yet.
  static Result<std::unique_ptr<KafkaProducer>> open(const KafkaOptions& options, ClientRole role);
  ~KafkaProducer() {
    topics_.clear();
    KafkaClient::end(std::move(client_));
  }

  /// Before transactions, until it succeeds; later calls do nothing. An attempt that timed out goes on in the background, and the next call joins it. Ends what
  /// an earlier producer with this transactional id left open, and shuts that producer out.
  Result<void> start_transactions(const Deadline& deadline);

  /// Runs callbacks that wait; to be called now and then while nothing is sent.
  void serve() { client_->serve(); }

  /// Outputs in order and positions as one; after the deadline it takes half a request time-out more to take everything back. `member` is the group's
  /// membership; null when there are no positions.
  std::expected<void, TransactionFault> transact(std::span<const OutputRecord> outputs, std::span<const Position> positions,
                                                 const rd_kafka_consumer_group_metadata_t* member, const Deadline& deadline);

  /// Without a transaction: sends all records in order and waits for all acknowledgements. `partition` < 0: by the key.
  Result<void> send(std::span<const OutputRecord> records, int partition, const Deadline& deadline);

 private:
  struct Deliveries {
    std::size_t failed = 0;
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;  // of the first that failed
    std::string topic;
  };

  explicit KafkaProducer(std::chrono::milliseconds request_timeout) : request_timeout_(request_timeout) {}
  Result<void> enqueue(std::span<const OutputRecord> records, int partition, const Deadline& deadline);
  Result<void> enqueue_one(const OutputRecord& record, int partition, const Deadline& deadline);
  Result<rd_kafka_topic_t*> topic(const std::string& name);
  Result<void> delivered() const;
  Result<void> send_offsets(std::span<const Position> positions, const rd_kafka_consumer_group_metadata_t& member, const Deadline& deadline);
  std::expected<void, TransactionFault> end_transaction(const Deadline& deadline);
  TransactionFault give_up(Error error, bool outcome_known);

  const std::chrono::milliseconds request_timeout_;
  Deliveries deliveries_;  // of the call under way
  bool started_ = false;
  std::unique_ptr<KafkaClient> client_;
  std::map<std::string, TopicHandle> topics_;  // to be destroyed before the client
};

}  // namespace lernd
