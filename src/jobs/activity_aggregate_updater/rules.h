#pragma once

#include <string_view>

#include "core/job.h"
#include "jobs/activity_aggregate_updater/event.h"
#include "jobs/activity_aggregate_updater/options.h"

namespace lernd::activity_aggregate_updater {

/// The counters that enrolment-reconciliation does not have. Source: activity-aggregate-updater.md section 7.
namespace counter {
inline constexpr std::string_view kReceived = "batch-enrolment-update-count";
inline constexpr std::string_view kProcessed = "processed-enrolment-count";
}  // namespace counter

/// The contents counted, the aggregates of the course and its units, the enrolment, on completion the certificate request, and the audit events.
///
/// The items are taken in windows of `window_items`, one after the other, as if each were written before the next is read. What was counted before is dropped.
/// Three rounds of reads: what the event names, the units above the contents, the sets of those units. A course without a leaf set takes up to two more.
/// Errors     `reject`/`unpublished_course` when the course has no leaf set and is not Retired, `retry` when the search service did not answer; nothing is
/// written
///            then.
/// Reference  activity-aggregate-updater, ContentConsumptionDeDupFunction, ActivityAggregatesFunction, CollectionProgressUpdateFunction,
///            CollectionProgressCompleteFunction.
/// Difference activity-aggregate-updater.md, the places marked [≠].
Step advance(const ContentsFinished& event, const Facts& facts, const Options& options, const Stamp& stamp);

/// The failed event of an update that ends in an error, one for each message folded into it.
Plan parked(const ContentsFinished& event, const Facts& facts, const Options& options);

}  // namespace lernd::activity_aggregate_updater
