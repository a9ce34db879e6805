#pragma once

#include "core/job_description.h"

namespace lernd::user_cache_updater {

/// The job as the registry lists it.
JobDescription description();

}  // namespace lernd::user_cache_updater
