#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/job.h"
#include "jobs/user_ownership_transfer/batch_search.h"
#include "jobs/user_ownership_transfer/event.h"

namespace lernd::user_ownership_transfer {

/// What became of one course batch that a search found.
struct BatchChange {
  enum class Outcome { changed, as_it_shall_be, no_row };
  BatchId id;
  Outcome outcome = Outcome::as_it_shall_be;
  std::string columns;  ///< of its row that change, separated by commas
  std::string fields;   ///< of its document
  bool no_document = false;
};

/// How the batches of a user become another's.
struct Takeover {
  std::vector<RowWrite> creator_rows;
  std::vector<RowWrite> mentor_rows;
  DocumentGroup documents;
  std::vector<BatchChange> batches;  ///< each once
};

/// Works out the changes of the batches found. Rows and documents that are missing are put into `ask`; the result is then nothing.
///
/// A row changes where it names the user as the search says; its document wherever it names him. A batch without a row is left alone in both.
/// Source     user-ownership-transfer.md sections 6 and 7.
/// Reference  user-ownership-transfer, UserOwnershipTransferFunction.
/// Difference rows are read first: nothing is written that the table does not call for, and no row is made.
std::optional<Takeover> take_over(const Transfer& event, const std::vector<BatchId>& created, const std::vector<BatchId>& mentored, const Facts& facts,
                                  const Options& options, Ask& ask);

/// Mentors with the one handed over to in place of the other: without any `from`, and `to` at the end unless it is there. Nothing where there is no `from`.
std::optional<ValueList> handed_over(const Value& mentors, const std::string& from, const std::string& to);

}  // namespace lernd::user_ownership_transfer
