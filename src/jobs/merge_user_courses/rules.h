#pragma once

#include "core/job.h"
#include "jobs/merge_user_courses/event.h"
#include "jobs/merge_user_courses/options.h"

namespace lernd::merge_user_courses {

/// Takes the course history of the source over to the target: content rows, aggregates, enrolments, in this order; then a sync event for each enrolment the
/// target has. The source's rows stay as they are.
///
/// Two rounds of reads: what the ledger knows of the event with the content rows and enrolments of both accounts, then the aggregates of both in the source's
/// courses.
/// Errors     `fatal`/`corrupt` when the ledger cannot be read back.
/// Reference  merge-user-courses, MergeUserCoursesFunction, MergeOperations.
/// Difference merge-user-courses.md section 13.
Step advance(const MergeRequest& request, const Facts& facts, const Options& options, const Stamp& stamp);

/// The failed event of a request that ends in an error.
Plan parked(const MergeRequest& request, const Error& error, const Options& options, const Stamp& stamp);

/// The failed event of a record that is no request: skipped, or one that cannot be read.
Plan skipped(const Skip& skip, const Options& options, const Origin& origin);

}  // namespace lernd::merge_user_courses
