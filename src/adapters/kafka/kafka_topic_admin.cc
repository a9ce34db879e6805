#include <fmt/format.h>

#include <array>
#include <utility>

#include "kafka_error.h"
#include "kafka_producer.h"
#include "kafka_topics.h"

namespace lernd {
namespace {

/// How long a reader waits for a transaction that stands before the end of a partition.
constexpr std::chrono::milliseconds kSettleTime{5000};

/// Reads one partition without a group; reading starts with the object and ends with it.
class PartitionReader {
 public:
  PartitionReader(KafkaClient& client, const TopicPartition& source, Offset from)
      : client_(client), topic_(rd_kafka_topic_new(client.handle(), source.topic.c_str(), nullptr)), partition_(source.partition) {
    started_ = topic_ && rd_kafka_consume_start(topic_.get(), partition_, from.value) == 0;
  }
  ~PartitionReader() {
    if (started_) rd_kafka_consume_stop(topic_.get(), partition_);
  }
  PartitionReader(const PartitionReader&) = delete;
  PartitionReader& operator=(const PartitionReader&) = delete;

  bool started() const { return started_; }
  /// The offset behind everything that was written when the last answer was given, stable or not.
  Offset written_end() const {
    Offset begin;
    Offset end;
    rd_kafka_get_watermark_offsets(client_.handle(), rd_kafka_topic_name(topic_.get()), partition_, &begin.value, &end.value);
    return end;
  }
  MessageHandle next(int wait_ms) { return MessageHandle(rd_kafka_consume(topic_.get(), partition_, wait_ms)); }

 private:
  KafkaClient& client_;
  TopicHandle topic_;
  std::int32_t partition_;
  bool started_ = false;
};

class KafkaTopicAdmin final : public TopicAdmin {
 public:
  KafkaTopicAdmin(KafkaOptions options, std::unique_ptr<KafkaClient> client) : options_(std::move(options)), client_(std::move(client)) {}

  Result<std::vector<TopicInfo>> describe(std::span<const std::string> topics) override;
  Result<void> create(const std::string& topic, int partitions) override;
  Result<void> remove(const std::string& topic) override;
  Result<void> produce(std::span<const OutputRecord> records, int partition) override;
  Result<std::vector<Record>> read(const TopicPartition& source, Offset from, std::size_t most) override;

 private:
  Result<void> request_topic(const std::string& topic, int partitions, const Deadline& deadline);

  const KafkaOptions options_;
  const std::unique_ptr<KafkaClient> client_;
  std::unique_ptr<KafkaProducer> producer_;
};

Result<std::vector<TopicInfo>> KafkaTopicAdmin::describe(std::span<const std::string> topics) {
  const Deadline deadline(options_.request_timeout);
  std::vector<TopicInfo> infos;
  for (const auto& topic : topics) {
    const auto count = partition_count(*client_, topic, deadline);
    if (!count) return std::unexpected(count.error());
    infos.push_back({topic, *count});
  }
  return infos;
}

Result<void> KafkaTopicAdmin::create(const std::string& topic, int partitions) {
  const Deadline deadline(options_.request_timeout);
  // Connects first: to ask an unreachable broker for a topic would tell of the time-out only, not of its reason.
  auto count = partition_count(*client_, topic, deadline);
  if (!count) return std::unexpected(count.error());
  if (*count > 0) return {};
  if (auto requested = request_topic(topic, partitions, deadline); !requested) return requested;
  // The controller answers before every broker knows; whoever is told that the topic is there must be able to use it.
  while (count && *count == 0) {
    if (deadline.passed()) return std::unexpected(client_->error(RD_KAFKA_RESP_ERR__TIMED_OUT, fmt::format("waiting for topic {}", topic)));
    count = partition_count(*client_, topic, deadline);
    client_->serve(10);
  }
  if (!count) return std::unexpected(count.error());
  return {};
}

Result<void> KafkaTopicAdmin::request_topic(const std::string& topic, int partitions, const Deadline& deadline) {
  const auto doing = fmt::format("creating topic {}", topic);
  std::array<char, 256> reason{};
  NewTopicHandle wanted(rd_kafka_NewTopic_new(topic.c_str(), partitions, -1, reason.data(), reason.size()));  // -1: replicas by the broker's default
  if (!wanted) return std::unexpected(kafka_error(RD_KAFKA_RESP_ERR__INVALID_ARG, doing, reason.data()));
  const AdminOptionsHandle how(rd_kafka_AdminOptions_new(client_->handle(), RD_KAFKA_ADMIN_OP_CREATETOPICS));
  rd_kafka_AdminOptions_set_request_timeout(how.get(), std::max(deadline.remaining_ms(), 1), reason.data(), reason.size());
  rd_kafka_AdminOptions_set_operation_timeout(how.get(), std::max(deadline.remaining_ms(), 1), reason.data(), reason.size());
  const QueueHandle answers(rd_kafka_queue_new(client_->handle()));
  auto* topics = wanted.get();
  rd_kafka_CreateTopics(client_->handle(), &topics, 1, how.get(), answers.get());
  const EventHandle answer(rd_kafka_queue_poll(answers.get(), deadline.remaining_ms()));
  if (!answer) return std::unexpected(client_->error(RD_KAFKA_RESP_ERR__TIMED_OUT, doing));
  if (const auto code = rd_kafka_event_error(answer.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR) return std::unexpected(client_->error(code, doing));
  std::size_t size = 0;
  const auto* const* results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer.get()), &size);
  for (std::size_t i = 0; i < size; ++i) {
    const auto code = rd_kafka_topic_result_error(results[i]);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;
    return std::unexpected(client_->error(code, doing));
  }
  return {};
}

Result<void> KafkaTopicAdmin::remove(const std::string& topic) {
  const Deadline deadline(options_.request_timeout);
  auto count = partition_count(*client_, topic, deadline);
  if (!count) return std::unexpected(count.error());
  if (*count == 0) return {};
  const auto doing = fmt::format("removing topic {}", topic);
  const DeleteTopicHandle unwanted(rd_kafka_DeleteTopic_new(topic.c_str()));
  std::array<char, 256> reason{};
  const AdminOptionsHandle how(rd_kafka_AdminOptions_new(client_->handle(), RD_KAFKA_ADMIN_OP_DELETETOPICS));
  rd_kafka_AdminOptions_set_request_timeout(how.get(), std::max(deadline.remaining_ms(), 1), reason.data(), reason.size());
  rd_kafka_AdminOptions_set_operation_timeout(how.get(), std::max(deadline.remaining_ms(), 1), reason.data(), reason.size());
  const QueueHandle answers(rd_kafka_queue_new(client_->handle()));
  auto* topics = unwanted.get();
  rd_kafka_DeleteTopics(client_->handle(), &topics, 1, how.get(), answers.get());
  const EventHandle answer(rd_kafka_queue_poll(answers.get(), deadline.remaining_ms()));
  if (!answer) return std::unexpected(client_->error(RD_KAFKA_RESP_ERR__TIMED_OUT, doing));
  if (const auto code = rd_kafka_event_error(answer.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR) return std::unexpected(client_->error(code, doing));
  std::size_t size = 0;
  const auto* const* results = rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(answer.get()), &size);
  for (std::size_t i = 0; i < size; ++i) {
    const auto code = rd_kafka_topic_result_error(results[i]);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) return std::unexpected(client_->error(code, doing));
  }
  // As with creating: whoever is told that the topic is gone must not find it.
  while (count && *count > 0 && !deadline.passed()) {
    client_->serve(10);
    count = partition_count(*client_, topic, deadline);
  }
  if (!count) return std::unexpected(count.error());
  return {};
}

Result<void> KafkaTopicAdmin::produce(std::span<const OutputRecord> records, int partition) {
  if (!producer_) {
    auto producer = KafkaProducer::open(options_, ClientRole::producer);
    if (!producer) return std::unexpected(producer.error());
    producer_ = std::move(*producer);
  }
  auto sent = producer_->send(records, partition, Deadline(options_.request_timeout * 3));
  if (!sent) producer_.reset();
  return sent;
}

Result<std::vector<Record>> KafkaTopicAdmin::read(const TopicPartition& source, Offset from, std::size_t most) {
  const auto doing = fmt::format("reading topic {}, partition {}", source.topic, source.partition);
  const auto range = readable_range(*client_, source, Deadline(options_.request_timeout));
  if (!range) return std::unexpected(range.error());
  std::vector<Record> records;
  PartitionReader reader(*client_, source, std::max(from, range->begin));
  if (!reader.started()) return std::unexpected(client_->error(rd_kafka_last_error(), doing));
  std::optional<Offset> end;
  // The time is for each answer, not for all of them: a long partition is read as long as records come.
  Deadline deadline(options_.request_timeout);
  while (records.size() < most) {
    const auto message = reader.next(deadline.remaining_ms());
    client_->serve();
    if (!message && end) break;
    if (!message) return std::unexpected(client_->fault().value_or(client_->error(RD_KAFKA_RESP_ERR__TIMED_OUT, doing)));
    if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) break;  // `from` lies behind the end
    const auto at_end = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR && !at_end) return std::unexpected(client_->error(message->err, doing));
    if (!end) end = reader.written_end();
    if (message->offset >= end->value) break;
    if (!at_end) records.push_back(record_of(*message));
    // Before the end of what is written stands a transaction: it may be committed, and show in a moment.
    deadline = Deadline(at_end ? kSettleTime : options_.request_timeout);
  }
  return records;
}

}  // namespace

Result<std::unique_ptr<TopicAdmin>> make_kafka_topic_admin(const KafkaOptions& options) {
  auto client = KafkaClient::open(options, ClientRole::reader);
  if (!client) return std::unexpected(client.error());
  return std::make_unique<KafkaTopicAdmin>(options, std::move(*client));
}

}  // namespace lernd
