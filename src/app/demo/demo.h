#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "app/progress_view.h"
#include "core/error.h"
#include "ports/log.h"

namespace lernd::demo {

struct DemoOptions {
  std::string file;  ///< a SQLite file that is not there yet
  std::size_t events = 5000;
  std::uint64_t seed = 1;
};

/// What became of the enrolments of one course.
struct CourseReport {
  std::string title;
  std::size_t enrolled = 0;
  std::size_t not_started = 0;
  std::size_t in_progress = 0;
  std::size_t completed = 0;
  std::size_t certificates = 0;
};

struct DemoReport {
  std::vector<CourseReport> courses;
  std::size_t events = 0;
  double seconds = 0;
  std::int64_t memory_peak_bytes = 0;
};

/// Fills the file with a school and runs enrolment-reconciliation over a topic of sync requests in it.
///
/// `step` is told what is being done, `progress` how far the job has come; both from the calling thread.
/// Errors: of the embedded database; `fatal`/`invalid_option` when the file is there already.
Result<DemoReport> run_demo(const DemoOptions& options, Log& log, const std::function<void(const std::string&)>& step,
                            const std::function<void(const ProgressCount&)>& progress);

}  // namespace lernd::demo
