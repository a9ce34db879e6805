#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/ask.h"
#include "core/error.h"

namespace lernd::course_progress {

/// The question to the search service whether a collection is Live, Unlisted or Retired. A status, once answered, is remembered for `remember`.
///
/// Source: enrolment-reconciliation.md section 6.2.
HttpQuery status_query(const std::string& search_url, std::string_view collection_id, std::chrono::seconds remember);

/// The status in the answer; empty when nothing is published under this id.
/// Errors: `retry` for any status but 200 and for a body that cannot be read.
Result<std::string> collection_status(const HttpAnswer& answer);

}  // namespace lernd::course_progress
