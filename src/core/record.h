#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lernd {

/// Position of a record in its partition. Not an int, so that it is not mixed up with counts and partitions.
struct Offset {
  std::int64_t value = 0;
  auto operator<=>(const Offset&) const = default;
  Offset next() const { return {value + 1}; }
};

struct TopicPartition {
  std::string topic;
  std::int32_t partition = 0;
  auto operator<=>(const TopicPartition&) const = default;
};

/// A point in time as the stores keep it: milliseconds since the epoch, UTC.
struct Timestamp {
  std::int64_t ms = 0;
  auto operator<=>(const Timestamp&) const = default;
};

/// The time that orders writes to one cell: microseconds since the epoch (`USING TIMESTAMP` of CQL).
struct WriteTime {
  std::int64_t us = 0;
  auto operator<=>(const WriteTime&) const = default;
};

struct Header {
  std::string name;
  std::string value;
  bool operator==(const Header&) const = default;
};

/// A record as read from a topic. Bytes are kept as they came; a tombstone has no value.
struct Record {
  Offset offset;
  Timestamp time;
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<Header> headers;

  std::size_t bytes() const { return (key ? key->size() : 0) + (value ? value->size() : 0); }
  bool operator==(const Record&) const = default;
};

/// A record to be produced. `topic` is a name, already resolved from the options.
struct OutputRecord {
  std::string topic;
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<Header> headers;
  bool operator==(const OutputRecord&) const = default;
};

}  // namespace lernd
