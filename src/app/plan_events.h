#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/job_setup.h"
#include "app/services.h"
#include "core/record.h"

namespace lernd {

/// A record to be planned, and where it is from: `topic 0:41` or `events.json 3`.
struct PlanRecord {
  std::string place;
  Record record;
  TopicPartition source{};  ///< empty for a record of a file
};

enum class PlanFormat { text, json };

/// The events of a file: one JSON text for the whole file, or one record per line.
Result<std::vector<PlanRecord>> records_of_file(const std::string& file);

/// Up to `count` records of the input topic: from `from`, or else those that the job's group would be given next.
Result<std::vector<PlanRecord>> records_of_topic(const JobSetup& setup, Services& services, std::optional<std::pair<int, Offset>> from, std::size_t count);

/// What the job would do for each record if it came next: its writes, the records it would produce, what it would count. Reads, and changes nothing.
///
/// Returns a text per record: a few lines to read, or one JSON line.
Result<std::vector<std::string>> plan_records(const JobSetup& setup, Services& services, const std::vector<PlanRecord>& records, PlanFormat format);

}  // namespace lernd
