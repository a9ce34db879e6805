#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/ask.h"
#include "core/job.h"
#include "core/plan.h"
#include "core/table.h"
#include "jobs/merge_user_courses/event.h"

/// The job's memory of events whose counts it has added. The journal of the runtime repeats a plan, so one offset never counts twice; the ledger is for the
/// same message at another offset, an offset that is set back, and a merge that was given up half-way and is sent again.
///
/// Before the first content row is written, the ledger gets the event's *claims*: which rows it copies, and what the counts of the rows it adds to were before.
/// Behind the last one the event is marked complete. An incomplete event that comes again adds only where the counts are still those of the claim.
///
/// Source: merge-user-courses.md section 9.
namespace lernd::merge_user_courses {

/// Course, batch and content: the key of a content row among those of one account.
using ContentKey = std::array<std::string, 3>;

/// The counts of a target row before anything was added.
struct Counted {
  Value views;
  Value completions;
  bool operator==(const Counted&) const = default;
};

struct Claims {
  std::set<ContentKey> copied;
  std::map<ContentKey, Counted> counted;

  bool empty() const { return copied.empty() && counted.empty(); }
  bool operator==(const Claims&) const = default;
};

/// What the ledger holds of an event.
struct LedgerEntry {
  bool complete = false;
  int pieces = 0;  ///< rows its claims are spread over
  Claims claims;
};

/// The table. Entries go after two weeks, a week longer than the topic keeps its records.
TableSchema ledger_shape(TableName name);

/// What makes an event that event: its `mid` and the two accounts, or without a `mid` where it lies.
std::vector<Cell> ledger_key(const MergeRequest& request, const Origin& origin);

RowsQuery ledger_query(const TableName& table, std::vector<Cell> key);

/// Error `fatal`/`corrupt` when the rows are not what `claim_writes` made.
Result<LedgerEntry> ledger_entry(const Rows& rows);

/// Adds claims to the `pieces` that are there.
std::vector<RowWrite> claim_writes(const TableName& table, const std::vector<Cell>& key, const Claims& claims, int pieces);

/// Marks the event complete, and drops its claims unless they are many.
RowWrite completion_write(const TableName& table, const std::vector<Cell>& key, Timestamp now);

}  // namespace lernd::merge_user_courses
