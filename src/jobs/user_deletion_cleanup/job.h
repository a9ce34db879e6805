#pragma once

#include "core/job_description.h"

namespace lernd::user_deletion_cleanup {

/// The job as the registry lists it.
JobDescription description();

}  // namespace lernd::user_deletion_cleanup
