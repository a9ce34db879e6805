#pragma once

#include <vector>

#include "jobs/course_progress/options.h"

namespace lernd::enrolment_reconciliation {

using course_progress::Options;
using course_progress::options_from;

/// The job's rows of the option table. Source: enrolment-reconciliation.md section 9.
std::vector<Option> option_table();

}  // namespace lernd::enrolment_reconciliation
