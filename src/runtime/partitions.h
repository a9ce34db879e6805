#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "ports/event_log.h"
#include "runtime/batch.h"

namespace lernd {

/// What a worker holds of the partitions it owns: at most one batch each in hand, and records that came while it was.
///
/// Pure bookkeeping: no I/O, time is handed in. Used by the worker's thread only.
class Partitions {
 public:
  using Time = RetryState::Time;

  /// Takes what a poll brought. What is held of revoked partitions is dropped: it belongs to the next owner.
  void take(Polled& polled, Time now);

  /// The batches to go on with now. Valid until the next call that is not const.
  std::vector<PartitionBatch*> due(Time now);
  /// The batches to commit now. Valid until the next `take`, and each until it is `finished`.
  std::vector<PartitionBatch*> done(Time now);
  /// The records kept behind batches of `done`, as batches. Valid as those are, and until `take_back`.
  std::vector<PartitionBatch*> next(std::span<PartitionBatch* const> done, Time now);
  /// What was worked out for the batch behind the one in hand is forgotten.
  void take_back(const TopicPartition& source);
  /// How long a poll may wait for records, at most `wait`.
  std::chrono::milliseconds wait(Time now, std::chrono::milliseconds wait) const;

  /// The batch in hand is not to go on before it holds the records up to `last`, or the partition ends.
  void collect_until(const TopicPartition& source, Offset last);
  /// True when the partition was read beyond the record the batch in hand waits for: compaction took it.
  bool reached_end(const TopicPartition& source) const;
  /// The batch in hand has its items; later ones of this partition cannot have a journal entry of an owner before us.
  void restored(const TopicPartition& source);
  /// The batch in hand is committed; what is kept behind it, if anything, takes its place.
  void finished(const TopicPartition& source, Time now);

  /// The ends of partitions that were read to it, of which nothing is in hand, and whose committed position is before it or not known.
  std::vector<Position> ends_behind_position() const;
  void moved(const Position& position);

  bool has(const TopicPartition& source) const { return held_.contains(source); }
  bool any_open() const;
  /// A batch in hand has to wait: for a service, for more records, or for another attempt to commit it.
  bool any_waiting() const;
  bool all_stopped() const;
  bool stopped(const TopicPartition& source) const;
  std::vector<TopicPartition> stopped() const;
  bool waits(const TopicPartition& source) const;
  /// The lag as far as this worker knows better than the group's last standing.
  std::int64_t lag(const Progress& progress) const;

  /// Partitions whose fetching must stop, or start again, since the last call.
  std::vector<TopicPartition> to_pause();
  std::vector<TopicPartition> to_resume();

 private:
  struct Held {
    std::optional<PartitionBatch> batch;
    std::vector<Record> behind;
    std::optional<PartitionBatch> next;  ///< the records from behind, while the batch before them is committed
    std::optional<Offset> must_reach;
    std::optional<Offset> position;
    std::optional<Offset> end;   ///< read to its end here
    bool journal_unread = true;  ///< the first batch after an assignment may be journalled by an owner before us
    bool paused = false;
  };

  static PartitionBatch started(const Held& held, const TopicPartition& source, std::vector<Record> records, Time now);
  const Held* find(const TopicPartition& source) const;

  std::map<TopicPartition, Held> held_;
};

}  // namespace lernd
