#include "runtime/outputs.h"

#include <algorithm>

#include "runtime/dead_letter.h"

namespace lernd {

std::vector<OutputRecord> outputs_of(const PartitionBatch& batch, const WorkerOptions& options) {
  std::vector<OutputRecord> outputs;
  const auto dead_letter_of = [&](std::size_t record, const Error& error, int attempts) {
    const Record& from = batch.records[record];
    OutputRecord& letter = outputs.emplace_back(dead_letter(options.dead_letter_topic, batch.source, from, error, attempts, from.time, options.version));
    if (batch.short_letters) shorten(letter);
  };
  auto skipped = batch.skipped.begin();
  const auto skipped_before = [&](std::size_t record) {
    for (; skipped != batch.skipped.end() && skipped->record < record; ++skipped) {
      outputs.insert(outputs.end(), skipped->leaves.outputs.begin(), skipped->leaves.outputs.end());
      if (skipped->skip.dead_letter) dead_letter_of(skipped->record, skipped->skip.error, 1);
    }
  };
  for (const WorkItem& item : batch.items) {
    skipped_before(item.records.front());
    outputs.insert(outputs.end(), item.plan.outputs.begin(), item.plan.outputs.end());
    if (!item.error) continue;
    for (const std::size_t record : item.records) dead_letter_of(record, *item.error, std::max(1, item.retry.attempts()));
  }
  skipped_before(batch.records.size());
  return outputs;
}

Counts counts_of(const PartitionBatch& batch, const Job& job) {
  Counts counts;
  counts.add(job.received_counter(), batch.records.size());
  for (const SkippedRecord& skipped : batch.skipped) counts.add(skipped.leaves.counts);
  for (const WorkItem& item : batch.items) counts.add(item.plan.counts);
  return counts;
}

}  // namespace lernd
