#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/embedded/connection.h"
#include "core/record.h"

namespace lernd::embedded {

/// The records of topics in the file: `lernd_topic`, `lernd_record`, and the positions of groups, `lernd_offset`.
class Topics {
 public:
  explicit Topics(SqliteConnection& connection) : connection_(connection) {}

  /// 0 when there is no such topic.
  Result<std::int32_t> partitions(std::string_view topic);
  /// The same, but a missing topic is `fatal`/`not_found`.
  Result<std::int32_t> partitions_of(std::string_view topic);
  Result<void> create(std::string_view topic, std::int32_t partitions);
  Result<void> remove(std::string_view topic);

  /// Appends records in order, inside the caller's transaction. `partition` < 0: chosen by a hash of the key (FNV-1a), in turn for records without one.
  Result<void> append(std::span<const OutputRecord> records, std::int32_t partition);

  /// Where a partition begins, and the offset after its last record.
  struct Bounds {
    Offset begin;
    Offset end;
  };
  Result<Bounds> bounds(const TopicPartition& source);

  /// Records from `from` on, oldest first. A plain cursor so that the reader can stop when it has enough; `record_at` reads a row of it.
  SqlCursor records(const TopicPartition& source, Offset from, std::size_t most);
  static Result<Record> record_at(const SqlCursor& row);
  /// Bytes of key and value of the row, without reading the record.
  static std::size_t bytes_at(const SqlCursor& row);

  Result<std::optional<Offset>> committed(std::string_view group, const TopicPartition& source);
  Result<void> move(std::string_view group, const TopicPartition& source, Offset next);

 private:
  /// The offset the next record of the partition gets.
  Result<Offset> next_offset(const TopicPartition& source);

  SqliteConnection& connection_;
  std::uint32_t turn_ = 0;
};

}  // namespace lernd::embedded
