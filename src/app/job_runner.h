#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "adapters/observe/jobs_page.h"
#include "app/fault.h"
#include "app/job_setup.h"
#include "app/service_checks.h"
#include "app/services.h"
#include "ports/clock.h"
#include "ports/log.h"
#include "ports/metrics.h"

namespace lernd {

/// Runs the workers of one job: waits for services that are away, opens the ports, and goes on after faults that may pass.
///
/// `run` is called from one thread; everything that tells of the state may be called from any.
class JobRunner {
 public:
  struct Parts {
    Clock& clock;
    Metrics& metrics;
    Log& log;
  };

  /// How a run ended. Faults are for whoever configured the job; an error is work that could not be done.
  struct End {
    Faults faults;
    std::optional<Error> error;
  };

  /// `setup`, and what `parts` refer to, outlive the runner.
  JobRunner(const JobSetup& setup, Parts parts, bool until_end);

  /// Looks at the services once. Faults mean that the job cannot run as it is configured.
  Findings check();
  /// Blocks until a stop is asked for, everything is done, or nothing more can be.
  End run(std::stop_token stop);

  JobView view() const;
  /// Records that were waiting when the workers began; absent while that is not known.
  std::optional<std::int64_t> records_at_start() const;
  /// Why no work is possible at the moment; empty when it is.
  std::string not_ready() const;
  /// Which worker has not moved for `lernd.stall_limit_ms`, and where it stands; empty when all move.
  std::string stalled() const;

 private:
  /// A worker and what it works on; the worker goes first.
  struct Member {
    Ports ports;
    std::unique_ptr<Worker> worker;
    std::optional<std::chrono::steady_clock::time_point> opening;  ///< since when its ports are being opened
  };

  bool wait_for_services(std::stop_token stop, Faults& faults);
  Result<void> run_worker(int index, std::stop_token stop);
  Worker& take_up(int index, Ports ports);
  void put_down(int index);
  Result<Ports> open_ports(int index, std::stop_token stop);
  void set_opening(int index, std::optional<std::chrono::steady_clock::time_point> since);
  void note_away(const std::string& text);
  void not_away();

  const JobSetup& setup_;
  Parts parts_;
  WorkerOptions options_;
  std::unique_ptr<Job> job_;
  std::unique_ptr<Services> services_;

  mutable std::mutex mutex_;       ///< guards what follows
  std::vector<Member> members_;    ///< by index; without a worker as long as its ports are not there
  std::uint64_t done_before_ = 0;  ///< records of workers that were replaced
  bool checked_ = false;           ///< the services were looked at and nothing was in the way
  std::string away_;               ///< what is waited for
  std::chrono::steady_clock::time_point next_line_{};
};

}  // namespace lernd
