#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/record.h"

namespace lernd {

/// Consecutive records of one partition, in offset order. Offsets may have gaps (compaction, transaction markers).
struct RecordBatch {
  TopicPartition source;
  std::vector<Record> records;
};

/// The position up to which a partition is done: the offset of the next record to be read.
struct Position {
  TopicPartition source;
  Offset next;
  bool operator==(const Position&) const = default;
};

/// What one poll brought. `batches` holds at most one batch a partition, none of them empty.
struct Polled {
  std::vector<RecordBatch> batches;
  std::vector<TopicPartition> assigned;  ///< partitions that came since the last poll
  std::vector<TopicPartition> revoked;   ///< partitions that went; what is not committed of them belongs to the next owner
  std::vector<Position> ends;            ///< partitions read to their end at that offset
};

/// Where a group stands in a partition. `committed` is absent when nothing was committed yet.
struct Progress {
  TopicPartition source;
  std::optional<Offset> committed;
  Offset begin;
  Offset end;  ///< offset after the last stable record

  /// Records not yet done.
  std::int64_t lag() const { return end.value - (committed ? std::max(*committed, begin) : begin).value; }
};

/// Bounds of one poll; it returns as soon as one of them is met, and at once when records wait and no more come within `linger`.
struct PollLimits {
  std::size_t records = 500;
  std::size_t bytes = 4u << 20;
  std::chrono::milliseconds wait{100};  ///< for the first record
  std::chrono::milliseconds linger{5};  ///< for more, once there is one
};

/// A member of a consumer group on one topic, together with the producer whose transactions carry the group's offsets.
///
/// One worker owns one and calls it from one thread, except `wake`. Records handed out are not handed out again unless the partition is given back and
/// assigned anew; then reading starts at the committed offset.
///
/// Errors  `retry` (broker away, time-out: call again), `fatal` (unknown topic, unauthorised, bad option), and `retry` with code `fenced` from `commit` when a
///         partition has another owner: the caller drops what it holds of it.
/// Source  design.md sections 3 and 4; KIP-98, KIP-429, KIP-447.
class EventLog {
 public:
  virtual ~EventLog() = default;

  virtual Result<Polled> poll(const PollLimits& limits) = 0;

  /// Stops and starts fetching of assigned partitions. Unknown ones are ignored.
  virtual void pause(std::span<const TopicPartition> partitions) = 0;
  virtual void resume(std::span<const TopicPartition> partitions) = 0;

  /// Produces `outputs` in order and moves the group's positions, as one: readers of committed records see all of it or nothing. After an error nothing of it
  /// is visible, and the same call may be made again.
  virtual Result<void> commit(std::span<const OutputRecord> outputs, std::span<const Position> positions) = 0;

  /// True when `commit` may be called from another thread while this one uses other ports. Not so where all ports share one transaction.
  virtual bool commits_beside() const { return false; }

  /// Where the group stands in every partition of the topic, whoever owns it.
  virtual Result<std::vector<Progress>> progress() = 0;

  /// Leaves the group, so that others take over at once. Nothing but the destructor may be called afterwards.
  virtual void close() = 0;

  /// Makes a waiting `poll` return soon. May be called from any thread.
  virtual void wake() = 0;
};

/// What is known of a topic; `partitions` 0 when it is not there.
struct TopicInfo {
  std::string name;
  int partitions = 0;
};

/// Topics outside any consumer group: for `validate`, `schema`, `plan`, tests and loading.
///
/// Errors  as for EventLog.
class TopicAdmin {
 public:
  virtual ~TopicAdmin() = default;
  virtual Result<std::vector<TopicInfo>> describe(std::span<const std::string> topics) = 0;
  virtual Result<void> create(const std::string& topic, int partitions) = 0;
  /// Takes a topic away with its records and the positions of groups in it. Nothing happens when it is not there. For tests.
  virtual Result<void> remove(const std::string& topic) = 0;
  /// Produces outside transactions and waits for all acknowledgements. `partition` < 0 lets the broker's partitioner choose.
  virtual Result<void> produce(std::span<const OutputRecord> records, int partition) = 0;
  /// Every committed record of a partition from `from` on, at most `most`, up to the end at the time of the call.
  virtual Result<std::vector<Record>> read(const TopicPartition& source, Offset from, std::size_t most) = 0;
};

}  // namespace lernd
