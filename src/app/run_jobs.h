#pragma once

#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "adapters/observe/prometheus_metrics.h"
#include "app/job_setup.h"
#include "ports/log.h"

namespace lernd {

/// How far all jobs together have come.
struct RunProgress {
  std::uint64_t done = 0;
  std::optional<std::int64_t> total;  ///< records that were waiting at start; absent while not known
  double per_second = 0;
  std::string not_ready;  ///< why no work is possible at the moment; empty when it is
};

enum class RunEnd { done, failed, misconfigured };

struct RunReport {
  RunEnd end = RunEnd::done;
  Faults faults;                    ///< of a misconfigured run
  std::vector<std::string> errors;  ///< of a failed run
  std::string admin_address;        ///< where the admin pages were; empty when there were none
};

struct RunRequest {
  bool until_end = false;                               ///< stop once everything that was in the topics at start is done
  std::function<void(const RunProgress&)> on_progress;  ///< called a few times a second; may be empty
  std::function<void(const std::string&)> on_admin;     ///< called with the address of the admin pages once they are there; may be empty
};

/// Runs the jobs in this process until `stop`, the end of their topics, or a fault that no waiting mends. Before anything is consumed, every service of every
/// job is looked at; a fault found there ends the run.
///
/// Admin address and drain time are those of the first job.
RunReport run_jobs(std::span<const JobSetup> setups, const RunRequest& request, PrometheusMetrics& metrics, Log& log, std::stop_token stop);

}  // namespace lernd
