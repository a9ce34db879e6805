#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/demo/school.h"

namespace lernd::demo {

// What the services of a platform put on the topics of the jobs, in order.

/// For relation-cache-updater: every course was published.
std::vector<std::string> publish_messages(const School& school);

/// For activity-aggregate-updater: a message for each enrolment in which something was finished. One in five is lost; reconciliation is there for these.
std::vector<std::string> progress_messages(const School& school, std::uint64_t seed);

/// For merge-user-courses: the accounts that become one.
std::vector<std::string> merge_requests(const School& school);

/// For enrolment-reconciliation: the sample event of the documentation, then `count` requests for random enrolments of accounts that stay.
std::vector<std::string> sync_requests(const School& school, std::size_t count, std::uint64_t seed);

}  // namespace lernd::demo
