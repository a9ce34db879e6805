#pragma once

#include <span>
#include <vector>

#include "core/job.h"
#include "runtime/asker.h"
#include "runtime/batch.h"
#include "runtime/journal.h"
#include "runtime/rounds.h"
#include "runtime/worker.h"

namespace lernd {

/// Takes batches one wave further: decide, journal, apply.
///
/// One worker owns one and calls it from its thread.
class Processor {
 public:
  Processor(const Job& job, const WorkerPorts& ports, const WorkerOptions& options);

  /// Gives a batch its items: what the journal holds of it, then the rest of its records, decoded. A batch whose journal entries reach further than its records
  /// is left unrestored, and the offset it must reach is returned, unless `at_end` says that no more records come.
  Result<std::optional<Offset>> restore(PartitionBatch& batch, bool at_end);

  /// Decides the next wave of all batches, and goes no further: nothing is written. Error: only a fatal one.
  Result<void> look_ahead(std::span<PartitionBatch* const> batches) { return decide_open(next_wave(batches)); }

  /// One wave of all batches. Afterwards an item is done, or its batch is due later, stopped or unrestored.
  /// Error: only a fatal one; nothing of these batches may be committed then.
  Result<void> step(std::span<PartitionBatch* const> batches);

  /// What failed in the last step, each fault once.
  struct Fault {
    std::string text;
    int attempts = 0;  ///< so many have failed, of the item that has the most; 0 while a service that is known to be away is waited for
  };
  const std::vector<Fault>& faults() const { return faults_; }

  Journal& journal() { return journal_; }

 private:
  struct Failure {
    WaveItem at;
    Error error;
    Counts counts;
    bool own_fault = false;  ///< see Reject
  };

  Result<void> decide_open(std::span<const WaveItem> wave);
  /// Two events of one wave may find the same document, which no order key tells before. The plan of the later one rests on what the earlier one changes: it is
  /// decided anew in the next wave.
  void put_off_overlaps(std::span<const WaveItem> wave);
  void park(WorkItem& item, const Error& error, const Facts& facts, const Counts& counts);
  void note(const std::string& fault, int attempts);
  /// Attempts that failed: another one later, or the end by the configured policy. Judged together, as what most items of a batch suffer is no item's fault.
  void meet_again_or_give_up(std::span<const Failure> failures, const Facts& facts);
  bool mostly_exhausted(const PartitionBatch& batch) const;
  Result<void> journal_planned(std::span<PartitionBatch* const> batches, std::span<const WaveItem> wave);
  /// What became of a batch's journal entry, for the items whose plans it holds; the first `writing` of them have writes.
  Result<void> settle(PartitionBatch& batch, std::span<WorkItem* const> items, std::size_t writing, const Result<Journal::Outcome>& written);
  Result<void> apply_planned(std::span<const WaveItem> wave);
  Result<std::vector<JournalEntry>> entries_of(PartitionBatch& batch);
  /// Makes items of journal entries; false when they are of other records than the batch holds.
  bool take_entries(PartitionBatch& batch, std::vector<JournalEntry> entries);
  Stamp stamp(const WaveItem& one);

  const Job& job_;
  const WorkerPorts& ports_;
  const WorkerOptions& options_;
  Asker asker_;
  Journal journal_;
  std::vector<Fault> faults_;
};

}  // namespace lernd
