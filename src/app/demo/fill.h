#pragma once

#include <string>
#include <vector>

#include "app/demo/school.h"
#include "app/job_setup.h"
#include "ports/log.h"

namespace lernd::demo {

/// Makes the tables and topics (of one partition) that a job needs and that are missing, and puts `messages` on its input topic.
Result<void> prepare(const JobSetup& setup, const std::vector<std::string>& messages, Log& log);

/// Writes what the other services of a platform have written before any job comes. `publisher` is relation-cache-updater, `progress` a job that reads
/// enrolments; both are prepared.
Result<void> write_school(const School& school, const JobSetup& publisher, const JobSetup& progress, Log& log);

}  // namespace lernd::demo
