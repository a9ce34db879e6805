#pragma once

#include <vector>

#include "app/demo/demo.h"
#include "app/demo/school.h"
#include "app/job_setup.h"

namespace lernd::demo {

/// What the tables and the topic of certificate requests say of each course, read with the options of a job that writes both.
Result<std::vector<CourseReport>> look_at_courses(const School& school, const JobSetup& setup, Log& log);

}  // namespace lernd::demo
