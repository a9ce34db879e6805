#pragma once

#include <string>
#include <vector>

#include "core/options.h"

namespace lernd {

/// Options that are the same for every job: where the services are, and those of the program itself, under `lernd`.
std::vector<Option> runtime_options();

/// User and password of a cache server; `endpoint` is the prefix of its host and port.
std::vector<Option> credential_options(const std::string& endpoint);

/// Keys of the Flink jobs' files that have no effect here and are accepted without a complaint.
std::vector<Option> ignored_options();

}  // namespace lernd
