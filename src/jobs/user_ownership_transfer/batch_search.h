#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "core/job.h"
#include "jobs/user_ownership_transfer/options.h"

namespace lernd::user_ownership_transfer {

/// What a user is to a course batch.
enum class Part { creator, mentor };

struct BatchId {
  std::string course;
  std::string batch;
  auto operator<=>(const BatchId&) const = default;
};

/// The active batches of a user, as the search service lists them.
struct Listing {
  std::vector<BatchId> batches;  ///< in its order, each once
  bool short_of_count = false;   ///< the service counts more than it lists
  std::optional<Reject> fault;
};

/// The question for the entries behind the first `offset`. Source: user-ownership-transfer.md section 5.
HttpQuery search_query(const Options& options, Part part, const std::string& user_id, std::size_t offset);

/// Goes through the pages that are known; what is missing is put into `ask`. Every further page is asked for where the one before it ends, and so are as many
/// behind it as are known already, for pages are mostly of one length: a thousand of them take ten rounds.
///
/// Errors     `retry`/`bad_answer` for any status but 200 and for an answer that cannot be read; the event's own fault where the service calls the request bad.
/// Reference  user-ownership-transfer, UserOwnershipTransferFunction.
/// Difference all pages are read; an entry without ids is passed over.
Listing list_batches(Part part, const std::string& user_id, const Facts& facts, const Options& options, Ask& ask);

}  // namespace lernd::user_ownership_transfer
