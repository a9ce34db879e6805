#pragma once

#include <string>
#include <vector>

#include "app/demo/school.h"
#include "app/services.h"

namespace lernd::demo {

/// Makes what enrolment-reconciliation needs on `services` (tables, journal, relation sets, topics of one partition), puts the school into it and the requests
/// on the input topic.
Result<void> fill(const JobDescription& job, const OptionValues& values, Services& services, const School& school, std::vector<std::string> requests);

}  // namespace lernd::demo
