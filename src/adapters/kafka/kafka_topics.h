#pragma once

#include <span>
#include <string>
#include <vector>

#include "kafka_client.h"

namespace lernd {

/// The number of partitions of a topic; 0 when it is not there. Asks the brokers, and does not make them create it.
Result<int> partition_count(KafkaClient& client, const std::string& topic, const Deadline& deadline);

/// The offsets of a partition that can be read: from `begin` to before `end`, the offset after the last stable record.
struct OffsetRange {
  Offset begin;
  Offset end;
};
/// Those of `sources`, partitions of one topic, in their order.
Result<std::vector<OffsetRange>> readable_ranges(KafkaClient& client, std::span<const TopicPartition> sources, const Deadline& deadline);

/// A list for librdkafka; offsets are unset.
PartitionsHandle list_of(std::span<const TopicPartition> partitions);

/// The same with the offsets of these positions.
PartitionsHandle list_of(std::span<const Position> positions);

/// A record with its own copy of the bytes.
Record record_of(const rd_kafka_message_t& message);

}  // namespace lernd
