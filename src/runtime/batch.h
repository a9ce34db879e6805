#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/job.h"
#include "ports/event_log.h"
#include "runtime/retry.h"

namespace lernd {

/// One event on its way through the steps: one record, or several folded into one.
struct WorkItem {
  enum class State {
    open,     ///< no plan yet
    planned,  ///< the plan is fixed and must be repeated as it is until it is applied
    done,     ///< applied, or nothing to apply
  };

  std::unique_ptr<Event> event;
  std::vector<std::size_t> records;  ///< positions in the batch, ascending
  std::vector<std::string> keys;
  Stamp stamp;
  State state = State::open;
  Plan plan;
  WriteTime time;  ///< of the plan's writes
  bool journalled = false;
  std::optional<int> restored_wave;  ///< which wave of the journal it was restored from
  bool repeated = false;             ///< its writes may have been made before, in part or all
  std::optional<Error> error;        ///< why it is parked
  RetryState retry;
};

/// A record that is not handled, and why.
struct SkippedRecord {
  std::size_t record = 0;
  Skip skip;
  Plan leaves;  ///< what it leaves behind; without writes
};

/// Consecutive records of one partition on their way, until they are committed together.
struct PartitionBatch {
  TopicPartition source;
  std::vector<Record> records;
  std::vector<WorkItem> items;
  std::vector<SkippedRecord> skipped;
  int waves = 0;             ///< journalled so far
  bool read_journal = true;  ///< an entry may be there: of an owner before us, or of one beside us
  bool restored = false;     ///< it has its items
  RetryState::Time due{};    ///< not before this time
  RetryState::Time begun{};
  RetryState commit_retry;
  bool short_letters = false;  ///< a topic refused an output for its size
  bool stopped = false;        ///< retries used up, waits for an operator

  Offset first() const { return records.front().offset; }
  Offset last() const { return records.back().offset; }
  /// It has its items, and all of them are applied.
  bool done() const;
  /// Nothing but its commit is left, which has not failed yet.
  bool ready() const { return !stopped && commit_retry.attempts() == 0 && done(); }
};

/// Decodes the records of `batch` that no item holds yet, folds what may be folded, and adds the items in the order of their first record.
///
/// A record larger than `record_bytes_max` is skipped as a dead letter.
void decode_records(PartitionBatch& batch, const Job& job, std::size_t record_bytes_max);

/// Forgets the plans that nothing holds yet.
void reopen(std::span<PartitionBatch* const> batches);

struct WaveItem {
  PartitionBatch* batch;
  WorkItem* item;
};

/// The items to be handled next: of each batch, those that are not done and share no key with an earlier open item or with one already chosen. A batch that was
/// restored is repeated wave by wave first, as plans of a later wave may rest on what an earlier one wrote, whatever their keys.
std::vector<WaveItem> next_wave(std::span<PartitionBatch* const> batches);

}  // namespace lernd
