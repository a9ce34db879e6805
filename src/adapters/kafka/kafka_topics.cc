#include "kafka_topics.h"

#include <fmt/format.h>

#include <algorithm>

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

/// Where the partitions begin or end. `rd_kafka_query_watermark_offsets` is for one partition, and waits without a limit for an answer that is lost.
Result<PartitionsHandle> offsets_at(KafkaClient& client, std::span<const TopicPartition> sources, std::int64_t place, const Deadline& deadline) {
  PartitionsHandle list = list_of(sources);
  auto asked = client.ask(deadline, fmt::format("asking for the offsets of topic {}", sources.front().topic), [&](int wait_ms) {
    for (auto& each : std::span(list->elems, sources.size())) each.offset = place;
    const auto code = rd_kafka_offsets_for_times(client.handle(), list.get(), wait_ms);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return code;
    const std::span found(list->elems, sources.size());
    const auto failed = std::ranges::find_if(found, [](const auto& each) { return each.err != RD_KAFKA_RESP_ERR_NO_ERROR; });
    return failed == found.end() ? RD_KAFKA_RESP_ERR_NO_ERROR : failed->err;
  });
  if (!asked) return std::unexpected(asked.error());
  return list;
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

Result<std::vector<OffsetRange>> readable_ranges(KafkaClient& client, std::span<const TopicPartition> sources, const Deadline& deadline) {
  // The client asks with its isolation level, read_committed, so the upper bound is the last stable offset.
  const auto begins = offsets_at(client, sources, RD_KAFKA_OFFSET_BEGINNING, deadline);
  if (!begins) return std::unexpected(begins.error());
  const auto ends = offsets_at(client, sources, RD_KAFKA_OFFSET_END, deadline);
  if (!ends) return std::unexpected(ends.error());
  std::vector<OffsetRange> ranges;
  for (std::size_t i = 0; i < sources.size(); ++i) ranges.push_back({{(*begins)->elems[i].offset}, {(*ends)->elems[i].offset}});
  return ranges;
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
