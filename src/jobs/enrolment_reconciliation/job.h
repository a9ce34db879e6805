#pragma once

#include "core/job_description.h"

namespace lernd::enrolment_reconciliation {

/// The job as the registry lists it.
JobDescription description();

}  // namespace lernd::enrolment_reconciliation
