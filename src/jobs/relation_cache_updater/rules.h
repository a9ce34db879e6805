#pragma once

#include <string_view>

#include "core/job.h"
#include "jobs/relation_cache_updater/event.h"
#include "jobs/relation_cache_updater/options.h"

namespace lernd::relation_cache_updater {

/// Names of the job's counters. Source: relation-cache-updater.md section 6.
namespace counter {
inline constexpr std::string_view kTotal = "total-events-count";
inline constexpr std::string_view kSucceeded = "success-events-count";
inline constexpr std::string_view kSkipped = "skipped-event-count";
inline constexpr std::string_view kFailed = "failed-events-count";
inline constexpr std::string_view kReads = "db-read-count";
inline constexpr std::string_view kWrites = "cache-write-count";
}  // namespace counter

/// The sets and units of a published collection, as its hierarchy stands now.
///
/// Errors     `reject`/`malformed_row` when the hierarchy is not a JSON object.
/// Reference  relation-cache-updater, RelationCacheUpdater.processElement.
/// Difference relation-cache-updater.md, the places marked [≠].
Step advance(const CollectionPublished& published, const Facts& facts, const Options& options);

/// Only counts: there is no failed event.
Plan parked(const CollectionPublished& published);

}  // namespace lernd::relation_cache_updater
