#pragma once

#include "core/job_description.h"

namespace lernd::relation_cache_updater {

/// The job as the registry lists it.
JobDescription description();

}  // namespace lernd::relation_cache_updater
