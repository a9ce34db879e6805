#include "kafka_topics.h"

#include <fmt/format.h>

namespace lernd {
namespace {

std::optional<std::string> bytes_of(const void* bytes, std::size_t size) {
  if (bytes == nullptr) return std::nullopt;
  return std::string(static_cast<const char*>(bytes), size);
}

std::vector<Header> headers_of(const rd_kafka_message_t& message) {
  rd_kafka_headers_t* handle = nullptr;  // belongs to the message
  if (rd_kafka_message_headers(&message, &handle) != RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  std::vector<Header> headers;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0; rd_kafka_header_get_all(handle, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
    headers.push_back({name, std::string(static_cast<const char*>(value), size)});
  }
  return headers;
}

/// The code that stands for the topic in an answer about it alone.
rd_kafka_resp_err_t topic_code(const rd_kafka_metadata_t& metadata) {
  if (metadata.topic_cnt == 0) return RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
  return metadata.topics[0].err;
}

}  // namespace

Result<int> partition_count(KafkaClient& client, const std::string& topic, const Deadline& deadline) {
  const TopicHandle handle(rd_kafka_topic_new(client.handle(), topic.c_str(), nullptr));
  const auto doing = fmt::format("asking about topic {}", topic);
  if (!handle) return std::unexpected(client.error(rd_kafka_last_error(), doing));
  int count = 0;
  auto asked = client.ask(deadline, doing, [&](int wait_ms) {
    const rd_kafka_metadata_t* answer = nullptr;
    const auto code = rd_kafka_metadata(client.handle(), 0, handle.get(), &answer, wait_ms);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return code;
    const MetadataHandle metadata(answer);
    const auto about_topic = topic_code(*metadata);
    count = about_topic == RD_KAFKA_RESP_ERR_NO_ERROR ? metadata->topics[0].partition_cnt : 0;
    return about_topic == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ? RD_KAFKA_RESP_ERR_NO_ERROR : about_topic;
  });
  if (!asked) return std::unexpected(asked.error());
  return count;
}

Result<OffsetRange> readable_range(KafkaClient& client, const TopicPartition& source, const Deadline& deadline) {
  OffsetRange range;
  // The client asks with its isolation level, read_committed, so the upper bound is the last stable offset.
  auto asked = client.ask(deadline, fmt::format("asking for the offsets of topic {}, partition {}", source.topic, source.partition), [&](int wait_ms) {
    return rd_kafka_query_watermark_offsets(client.handle(), source.topic.c_str(), source.partition, &range.begin.value, &range.end.value, wait_ms);
  });
  if (!asked) return std::unexpected(asked.error());
  return range;
}

PartitionsHandle list_of(std::span<const TopicPartition> partitions) {
  PartitionsHandle list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
  for (const auto& each : partitions) rd_kafka_topic_partition_list_add(list.get(), each.topic.c_str(), each.partition);
  return list;
}

PartitionsHandle list_of(std::span<const Position> positions) {
  PartitionsHandle list(rd_kafka_topic_partition_list_new(static_cast<int>(positions.size())));
  for (const auto& [source, next] : positions) rd_kafka_topic_partition_list_add(list.get(), source.topic.c_str(), source.partition)->offset = next.value;
  return list;
}

Record record_of(const rd_kafka_message_t& message) {
  rd_kafka_timestamp_type_t kind{};
  return {
      .offset = {message.offset},
      .time = {rd_kafka_message_timestamp(&message, &kind)},
      .key = bytes_of(message.key, message.key_len),
      .value = bytes_of(message.payload, message.len),
      .headers = headers_of(message),
  };
}

}  // namespace lernd
