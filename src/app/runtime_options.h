#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/job_description.h"
#include "core/options.h"

namespace lernd {

/// Options that every job has: where the services are, and those of the program itself, under `lernd`. `batch_records` is the default of one of them.
std::vector<Option> runtime_options(std::int64_t batch_records = JobDescription().batch_records);

/// Where the search indices are, for jobs that have some.
std::vector<Option> search_options();

/// User and password of a cache server; `endpoint` is the prefix of its host and port.
std::vector<Option> credential_options(const std::string& endpoint);

/// Keys of the Flink jobs' files that have no effect here and are accepted without a complaint.
std::vector<Option> ignored_options();

}  // namespace lernd
