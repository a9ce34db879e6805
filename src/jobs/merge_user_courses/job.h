#pragma once

#include "core/job_description.h"

namespace lernd::merge_user_courses {

/// The job as the registry lists it.
JobDescription description();

}  // namespace lernd::merge_user_courses
