#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/ask.h"
#include "core/error.h"
#include "core/job.h"
#include "jobs/course_progress/options.h"

namespace lernd::course_progress {

/// The question to the search service whether a collection is Live, Unlisted or Retired. A status, once answered, is remembered for `remember`.
///
/// Source: enrolment-reconciliation.md section 6.2.
HttpQuery status_query(const std::string& search_url, std::string_view collection_id, std::chrono::seconds remember);

/// The status in the answer; empty when nothing is published under this id.
/// Errors: `retry` for any status but 200 and for a body that cannot be read.
Result<std::string> collection_status(const HttpAnswer& answer);

/// What follows when the leaf set of a course is missing: an ask for its status; a reject, with `counts`; or nothing, when the course is Retired and the event
/// goes on without it, which is counted.
///
/// Errors `reject`/`unpublished_course` for any other status or none, `retry` when the search service did not answer.
std::optional<Step> without_leaf_set(std::string_view course_id, const Options& options, const Facts& facts, Counts& counts);

}  // namespace lernd::course_progress
