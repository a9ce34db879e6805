#pragma once

#include <chrono>
#include <map>
#include <string>

#include "load.h"

namespace lernd::bench {

/// Runs the load again and again, each time with one thing changed: workers, partitions, the batch limit, contents of the course. Prints a Markdown table,
/// each row with the driver limit measured beside it.
void grow(const LoadKind& kind, const Size& size, const std::string& command, const std::map<std::string, std::string>& set, std::chrono::seconds patience);

}  // namespace lernd::bench
