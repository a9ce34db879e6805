#pragma once

#include "core/job_description.h"

namespace lernd::activity_aggregate_updater {

/// The job as the registry lists it.
JobDescription description();

}  // namespace lernd::activity_aggregate_updater
