#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/plan.h"
#include "core/record.h"

namespace lernd {

/// The plan of one event as the journal keeps it.
struct JournalItem {
  std::vector<Offset> offsets;    ///< the records of the event
  std::uint64_t fingerprint = 0;  ///< of those records' keys and values
  std::optional<Error> error;     ///< why it was parked, if it was
  Plan plan;                      ///< without counters
  bool operator==(const JournalItem&) const = default;
};

/// The plans of one wave of a batch, fixed before the first of their writes.
struct JournalEntry {
  Offset first;    ///< of the batch: part of the entry's key
  int wave = 0;    ///< counted from 0 within the batch
  WriteTime time;  ///< of all writes
  std::vector<JournalItem> items;
  bool operator==(const JournalEntry&) const = default;
};

/// The stored form: JSON, so that an operator can read it where it lies.
std::string to_text(const JournalEntry& entry);

/// The inverse. Error `fatal`/`corrupt` when the text is not what `to_text` wrote.
Result<JournalEntry> journal_entry_from_text(std::string_view text);

/// A number that tells records apart: a journal entry is repeated only for the records it was made from, not for those of a topic that was made anew.
std::uint64_t fingerprint(const Record& record);
std::uint64_t combine(std::uint64_t fingerprint, std::uint64_t next);

}  // namespace lernd
