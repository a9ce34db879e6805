#pragma once

#include <string_view>

#include "runtime/worker.h"

namespace lernd {

/// Reports how long a step of the way took, from construction to destruction.
class StepTimer {
 public:
  StepTimer(const WorkerPorts& ports, std::string_view job, std::string_view step) : ports_(ports), job_(job), step_(step), begun_(ports.clock.steady()) {}
  ~StepTimer() { ports_.metrics.step_took(job_, step_, std::chrono::duration<double>(ports_.clock.steady() - begun_).count()); }
  StepTimer(const StepTimer&) = delete;
  StepTimer& operator=(const StepTimer&) = delete;

 private:
  const WorkerPorts& ports_;
  std::string_view job_;
  std::string_view step_;
  std::chrono::steady_clock::time_point begun_;
};

}  // namespace lernd
