#pragma once

#include <vector>

#include "core/record.h"
#include "runtime/batch.h"
#include "runtime/worker.h"

namespace lernd {

/// Everything a finished batch sends, in the order of the records it comes from: the outputs of the plans, and a dead letter for each record that was parked or
/// could not be read. Pure.
std::vector<OutputRecord> outputs_of(const PartitionBatch& batch, const WorkerOptions& options);

/// What a finished batch counts. Pure.
Counts counts_of(const PartitionBatch& batch, const Job& job);

}  // namespace lernd
