#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/ask.h"
#include "core/error.h"
#include "jobs/user_cache_updater/options.h"

namespace lernd::user_cache_updater {

/// The question for the categories of a framework. An answer that names some is remembered for a day, and stands in while the service fails.
///
/// Source: user-cache-updater.md sections 5.5 and 10 (R6).
HttpQuery categories_query(const Options& options, std::string_view framework_id);

/// The codes of the categories, in their order; none when the framework is not known or has none.
///
/// Errors     `retry`/`bad_answer` when the service fails: an answer that cannot be read, or a response code that is none about the framework.
/// Reference  user-cache-updater-2.0, FrameworkCacheHandler.getFwCategoriesFromAPI.
/// Difference a service that fails is not taken for a framework without categories, which would remove the fields of its users.
Result<std::vector<std::string>> category_codes(const HttpAnswer& answer);

}  // namespace lernd::user_cache_updater
