#pragma once

#include <span>
#include <string>
#include <vector>

#include "ports/clock.h"
#include "ports/event_log.h"
#include "ports/table_store.h"
#include "runtime/journal_entry.h"

namespace lernd {

/// The plans of batches that are applied but perhaps not committed, in the job's own table store: the first writer of an entry wins, and whoever takes the
/// partition over repeats what stands there.
///
/// An entry longer than one row may be is cut; the further pieces are written first, so that an entry that can be seen is whole.
/// Threads: the worker's. Errors: those of the table store.
/// Source: design.md section 4.
class Journal {
 public:
  Journal(TableStore& tables, const TableName& name, std::string group, Clock& clock);

  /// The entries of the batch that starts at `first`, in the order of their waves; none when nothing of it was journalled.
  Result<std::vector<JournalEntry>> read(const TopicPartition& source, Offset first);

  enum class Outcome { written, taken };
  /// An entry to be written.
  struct Draft {
    TopicPartition source;
    JournalEntry entry;
  };
  /// Writes entries durably, all at once. `taken` where there is one of that batch and wave already: then that one holds.
  std::vector<Result<Outcome>> write(std::span<const Draft> drafts);

  /// Notes that the batch is committed. Its entries go with the next `sweep`.
  void finished(const TopicPartition& source, Offset first);
  /// Notes that the partition has another owner, who needs its entries.
  void forget(const TopicPartition& source);
  bool has_finished() const { return !finished_.empty(); }
  /// Deletes the entries of finished batches. What cannot be deleted is tried again at the next call.
  Result<void> sweep();

 private:
  /// Where an entry lies: its row, and the rows of its further pieces.
  struct Place {
    TopicPartition source;
    Offset first;
    int wave = 0;
    std::string pieces_id;
    int pieces = 0;
  };

  std::vector<Cell> key_of(const TopicPartition& source, Offset first) const;
  Result<std::string> text_of(const Place& place, const std::string& head);
  Place& place_of(const TopicPartition& source, Offset first, int wave);

  TableStore& tables_;
  TableName name_;
  TableName piece_name_;
  std::string group_;
  Clock& clock_;
  std::vector<Place> places_;    ///< entries of batches not yet committed
  std::vector<Place> finished_;  ///< entries to be deleted
};

}  // namespace lernd
