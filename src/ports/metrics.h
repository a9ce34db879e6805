#pragma once

#include <cstdint>
#include <string_view>

#include "core/error.h"
#include "core/record.h"

namespace lernd {

/// Where a worker counts. Names and labels are bounded sets; no value ever comes from a record. May be called from any thread.
///
/// Source: design.md section 6.
class Metrics {
 public:
  virtual ~Metrics() = default;
  /// A counter of the job's specification, for example `total-events-count`.
  virtual void count(std::string_view job, std::string_view name, std::uint64_t n) = 0;
  virtual void dead_letter(std::string_view job, ErrorCode code) = 0;
  virtual void retried(std::string_view job, ErrorCode code) = 0;
  /// `step` is one of `poll`, `ask`, `plan`, `journal`, `apply`, `commit`.
  virtual void step_took(std::string_view job, std::string_view step, double seconds) = 0;
  /// Records of a finished batch.
  virtual void batch_done(std::string_view job, std::uint64_t records, double seconds) = 0;
  virtual void lag(std::string_view job, const TopicPartition& source, std::int64_t records) = 0;
};

}  // namespace lernd
