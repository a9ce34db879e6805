#pragma once

#include <expected>

#include "core/job.h"
#include "jobs/course_progress/enrolment_key.h"

namespace lernd::enrolment_reconciliation {

/// A learner's wish to have the progress of one enrolment computed anew. Source: enrolment-reconciliation.md section 2.
struct SyncRequest : Event {
  course_progress::EnrolmentKey enrolment;
  std::size_t messages = 1;  ///< how many records asked for it, folded into one
};

/// Reads a record. Skips what is not JSON (as a dead letter), what carries another action and what lacks one of the three ids.
std::expected<SyncRequest, Skip> read(const Record& record);

}  // namespace lernd::enrolment_reconciliation
