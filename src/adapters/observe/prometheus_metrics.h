#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "ports/metrics.h"

namespace lernd {

/// Metrics in memory, shown in the text format of Prometheus.
///
/// | name | labels | what |
/// |---|---|---|
/// | `lernd_events_total` | job, counter | the counters of the job's specification, with the names of the Flink jobs as label |
/// | `lernd_records_total` | job | records done |
/// | `lernd_dead_letters_total`, `lernd_retries_total` | job, code | by error code |
/// | `lernd_step_seconds` | job, step | histogram |
/// | `lernd_batch_seconds` | job | histogram |
/// | `lernd_lag_records` | job, topic, partition | gauge |
/// | `lernd_build_info` | version | always 1 |
/// | `process_resident_memory_bytes`, `process_cpu_seconds_total`, `process_start_time_seconds` | | of this process |
///
/// Threads     everything may be called from any thread.
/// Difference  The Flink jobs' gauges fall back to 0 when they are read; these counters only grow.
class PrometheusMetrics : public Metrics {
 public:
  explicit PrometheusMetrics(std::string_view version);
  ~PrometheusMetrics() override;

  /// Makes the counters of a job appear with 0 before anything is counted.
  void declare(std::string_view job, std::span<const std::string> counters);

  void count(std::string_view job, std::string_view name, std::uint64_t n) override;
  void dead_letter(std::string_view job, ErrorCode code) override;
  void retried(std::string_view job, ErrorCode code) override;
  void step_took(std::string_view job, std::string_view step, double seconds) override;
  void batch_done(std::string_view job, std::uint64_t records, double seconds) override;
  void lag(std::string_view job, const TopicPartition& source, std::int64_t records) override;

  /// Everything, as `/metrics` shows it.
  std::string text() const;

  /// The job's own counters by name.
  std::map<std::string, std::uint64_t> counters(std::string_view job) const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace lernd
