#pragma once

#include <prometheus/metric_family.h>

#include <vector>

namespace lernd {

/// Memory, processor time and start of this process, with the names Prometheus clients commonly give them. A value the system does not tell is left out.
std::vector<prometheus::MetricFamily> process_metrics();

}  // namespace lernd
