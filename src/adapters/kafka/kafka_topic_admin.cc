#include <fmt/format.h>

#include <array>
#include <functional>
#include <utility>

#include "kafka_error.h"
#include "kafka_producer.h"
#include "kafka_topics.h"

namespace lernd {
namespace {

/// How long a reader waits for a transaction that stands before the end of a partition.
constexpr std::chrono::milliseconds kSettleTime{5000};

constexpr int kLookAgainMs = 10;

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
  /// Sends a request to the controller and returns its answer.
  Result<EventHandle> ask_controller(rd_kafka_admin_op_t operation, std::string_view doing, const Deadline& deadline,
                                     const std::function<void(const rd_kafka_AdminOptions_t*, rd_kafka_queue_t*)>& send);
  Result<void> check(std::span<const rd_kafka_topic_result_t* const> results, std::string_view doing, rd_kafka_resp_err_t content_with) const;
  Result<void> wait_until(const std::string& topic, bool there, const Deadline& deadline);

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
  const auto doing = fmt::format("creating topic {}", topic);
  // Connects first: to ask an unreachable broker for a topic would tell of the time-out only, not of its reason.
  const auto count = partition_count(*client_, topic, deadline);
  if (!count) return std::unexpected(count.error());
  if (*count > 0) return {};
  std::array<char, 256> reason{};
  const NewTopicHandle wanted(rd_kafka_NewTopic_new(topic.c_str(), partitions, -1, reason.data(), reason.size()));  // -1: replicas by the broker's default
  if (!wanted) return std::unexpected(kafka_error(RD_KAFKA_RESP_ERR__INVALID_ARG, doing, reason.data()));
  const auto answer = ask_controller(RD_KAFKA_ADMIN_OP_CREATETOPICS, doing, deadline, [&](const auto* how, auto* answers) {
    auto* topics = wanted.get();
    rd_kafka_CreateTopics(client_->handle(), &topics, 1, how, answers);
  });
  if (!answer) return std::unexpected(answer.error());
  std::size_t size = 0;
  const auto* const* results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer->get()), &size);
  if (auto created = check({results, size}, doing, RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS); !created) return created;
  return wait_until(topic, true, deadline);
}

Result<void> KafkaTopicAdmin::remove(const std::string& topic) {
  const Deadline deadline(options_.request_timeout);
  const auto doing = fmt::format("removing topic {}", topic);
  const auto count = partition_count(*client_, topic, deadline);
  if (!count) return std::unexpected(count.error());
  if (*count == 0) return {};
  const DeleteTopicHandle unwanted(rd_kafka_DeleteTopic_new(topic.c_str()));
  const auto answer = ask_controller(RD_KAFKA_ADMIN_OP_DELETETOPICS, doing, deadline, [&](const auto* how, auto* answers) {
    auto* topics = unwanted.get();
    rd_kafka_DeleteTopics(client_->handle(), &topics, 1, how, answers);
  });
  if (!answer) return std::unexpected(answer.error());
  std::size_t size = 0;
  const auto* const* results = rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(answer->get()), &size);
  if (auto removed = check({results, size}, doing, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART); !removed) return removed;
  return wait_until(topic, false, deadline);
}

Result<EventHandle> KafkaTopicAdmin::ask_controller(rd_kafka_admin_op_t operation, std::string_view doing, const Deadline& deadline,
                                                    const std::function<void(const rd_kafka_AdminOptions_t*, rd_kafka_queue_t*)>& send) {
  const AdminOptionsHandle how(rd_kafka_AdminOptions_new(client_->handle(), operation));
  const auto wait_ms = std::max(deadline.remaining_ms(), 1);
  rd_kafka_AdminOptions_set_request_timeout(how.get(), wait_ms, nullptr, 0);
  rd_kafka_AdminOptions_set_operation_timeout(how.get(), wait_ms, nullptr, 0);
  const QueueHandle answers(rd_kafka_queue_new(client_->handle()));
  send(how.get(), answers.get());
  EventHandle answer(rd_kafka_queue_poll(answers.get(), wait_ms));
  if (!answer) return std::unexpected(client_->error(RD_KAFKA_RESP_ERR__TIMED_OUT, doing));
  if (const auto code = rd_kafka_event_error(answer.get()); code != RD_KAFKA_RESP_ERR_NO_ERROR) return std::unexpected(client_->error(code, doing));
  return answer;
}

Result<void> KafkaTopicAdmin::check(std::span<const rd_kafka_topic_result_t* const> results, std::string_view doing, rd_kafka_resp_err_t content_with) const {
  for (const auto* each : results) {
    const auto code = rd_kafka_topic_result_error(each);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != content_with) return std::unexpected(client_->error(code, doing));
  }
  return {};
}

/// The controller answers before every broker knows; what the caller does next is to find it so.
Result<void> KafkaTopicAdmin::wait_until(const std::string& topic, bool there, const Deadline& deadline) {
  for (;;) {
    const auto count = partition_count(*client_, topic, deadline);
    if (!count) return std::unexpected(count.error());
    if ((*count > 0) == there) return {};
    if (deadline.passed()) return std::unexpected(client_->error(RD_KAFKA_RESP_ERR__TIMED_OUT, fmt::format("waiting for the change of topic {}", topic)));
    client_->serve(kLookAgainMs);
  }
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
  // A client of its own: librdkafka 2.0 never ends one that has read a topic and then learns that it was removed.
  const auto opened = KafkaClient::open(options_, ClientRole::reader);
  if (!opened) return std::unexpected(opened.error());
  auto& client = **opened;
  const auto ranges = readable_ranges(client, std::span(&source, 1), Deadline(options_.request_timeout));
  if (!ranges) return std::unexpected(ranges.error());
  std::vector<Record> records;
  PartitionReader reader(client, source, std::max(from, ranges->front().begin));
  if (!reader.started()) return std::unexpected(client.error(rd_kafka_last_error(), doing));
  std::optional<Offset> end;
  // The time is for each answer, not for all of them: a long partition is read as long as records come.
  Deadline deadline(options_.request_timeout);
  while (records.size() < most) {
    const auto message = reader.next(deadline.remaining_ms());
    client.serve();
    if (!message && end) break;
    if (!message) return std::unexpected(client.fault().value_or(client.error(RD_KAFKA_RESP_ERR__TIMED_OUT, doing)));
    if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) break;  // `from` lies behind the end
    const auto at_end = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR && !at_end) return std::unexpected(client.error(message->err, doing));
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
