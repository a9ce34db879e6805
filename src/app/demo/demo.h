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
  std::size_t learners = 1000;
  std::size_t events = 5000;  ///< sync requests; the other messages follow from the learners
  std::uint64_t seed = 1;
};

/// What became of the enrolments of one course. Accounts that were merged into another are left out, except for the certificates asked for before.
struct CourseReport {
  std::string title;
  std::size_t enrolled = 0;
  std::size_t not_started = 0;
  std::size_t in_progress = 0;
  std::size_t completed = 0;
  std::size_t certificates = 0;
  bool operator==(const CourseReport&) const = default;
};

struct JobReport {
  std::string job;
  std::uint64_t events = 0;
  double seconds = 0;
  std::string outcome;  ///< in words
};

struct DemoReport {
  std::vector<JobReport> jobs;  ///< in the order in which they ran
  std::vector<CourseReport> courses;
  std::size_t merged_accounts = 0;
  std::int64_t memory_peak_bytes = 0;
};

/// What is told on the way, from the thread that runs the demo.
struct DemoShow {
  std::function<void(const std::string&)> step;            ///< what is done next
  std::function<void(const ProgressCount&)> progress;      ///< how far the job has come
  std::function<void(const ProgressCount&)> progress_end;  ///< the last of a job
};

/// The names of the jobs, in the order in which they run.
std::vector<std::string> demo_jobs();
/// The one option of these jobs that has no default and must be set, as `--set` takes it.
inline constexpr const char* kSetGroup = "merge-user-courses:kafka.groupId=local-merge-courses-group";

/// Fills the file with a school, and runs the four course jobs over it, one after the other, by the code of `lernd run`.
///
/// Errors: of the embedded database and of the jobs; `fatal`/`invalid_option` when the file is there already.
Result<DemoReport> run_demo(const DemoOptions& options, Log& log, const DemoShow& show);

}  // namespace lernd::demo
