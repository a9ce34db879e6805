#pragma once

#include <string>
#include <vector>

#include "core/job.h"
#include "jobs/course_progress/enrolment_key.h"
#include "jobs/course_progress/progress.h"

namespace lernd::course_progress {

/// The bodies of the events the course progress jobs produce, as JSON with the members in the order the reference writes them. They have no key and no headers.
///
/// Source: enrolment-reconciliation.md section 7.

/// Asks the certificate job for the certificate of a completed enrolment. Uses id 0 of the stamp.
std::string certificate_request(const EnrolmentKey& enrolment, const Stamp& stamp);

/// Tells the audit log that an enrolment was completed. Uses ids 1 to 3 of the stamp.
std::string completion_audit(const EnrolmentKey& enrolment, const Stamp& stamp);

/// What the failed topic gets of an event that could not be done; `contents` as far as they are known.
std::string failed_event(const EnrolmentKey& enrolment, const std::vector<ContentRow>& contents);

}  // namespace lernd::course_progress
