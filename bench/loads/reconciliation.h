#pragma once

#include <string>

#include "loads/course.h"

namespace lernd::bench {

/// The input event of enrolment-reconciliation.
std::string sync_request(const Course& course, const std::string& user_id);

}  // namespace lernd::bench
