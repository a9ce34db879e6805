#pragma once

#include "core/job.h"
#include "jobs/enrolment_reconciliation/event.h"
#include "jobs/enrolment_reconciliation/options.h"

namespace lernd::enrolment_reconciliation {

/// How far the learner has come: the aggregates of the course and its units, the enrolment, and on completion the certificate request and the audit event.
///
/// Three rounds of reads: what the event names, the units above its contents, the sets of those units. A course without a leaf set takes up to two more.
/// Errors     `reject`/`unpublished_course` when the course has no leaf set and is not Retired, `retry` when the search service did not answer.
/// Reference  enrolment-reconciliation, EnrolmentReconciliationFn, ProgressUpdateFunction, ProgressCompleteFunction.
/// Difference enrolment-reconciliation.md, the places marked [≠].
Step advance(const SyncRequest& request, const Facts& facts, const Options& options, const Stamp& stamp);

/// The failed event of a request that ends in an error, one for each message folded into it.
Plan parked(const SyncRequest& request, const Facts& facts, const Options& options);

}  // namespace lernd::enrolment_reconciliation
