#pragma once

#include <span>

#include "core/job_description.h"

namespace lernd {

/// All jobs of this program, in the order of their names.
std::span<const JobDescription> all_jobs();

/// By its name or one of its aliases; null when there is none.
const JobDescription* find_job(std::string_view name);

}  // namespace lernd
