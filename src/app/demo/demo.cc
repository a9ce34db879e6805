#include "app/demo/demo.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>

#include "adapters/observe/prometheus_metrics.h"
#include "app/demo/fill.h"
#include "app/demo/look.h"
#include "app/demo/messages.h"
#include "app/demo/school.h"
#include "app/job_setup.h"
#include "app/run_jobs.h"
#include "app/version.h"

namespace lernd::demo {
namespace {

constexpr const char* kPublisher = "relation-cache-updater";
constexpr const char* kReconciler = "enrolment-reconciliation";

using Counters = std::map<std::string, std::uint64_t>;

/// One job's part in the story.
struct Stage {
  const char* job;
  const char* title;
  std::vector<std::string> (*messages)(const School& school, const DemoOptions& options);
  std::string (*outcome)(const Counters& counters);
};

/// On a platform the jobs run side by side. Here each runs to the end of its topic before the next begins, so that a seed gives the same numbers every time:
/// progress needs the sets of the published courses; a merge takes over what the progress messages have made of the old account; and merges put their sync
/// requests behind the others, where reconciliation, which ends with what is there when it begins, finds them only if it begins after them.
constexpr Stage kStages[] = {
    {kPublisher, "Courses are published", [](const School& school, const DemoOptions&) { return publish_messages(school); },
     [](const Counters& n) { return fmt::format("{} courses published, {} sets and units cached", n.at("success-events-count"), n.at("cache-write-count")); }},
    {"activity-aggregate-updater", "Learners make progress",
     [](const School& school, const DemoOptions& options) { return progress_messages(school, options.seed); },
     [](const Counters& n) {
       return fmt::format("{} enrolments moved on, {} of them completed: {} certificates", n.at("processed-enrolment-count"), n.at("enrolment-complete-count"),
                          n.at("cert-issue-events-count"));
     }},
    {"merge-user-courses", "Learners with two accounts get one", [](const School& school, const DemoOptions&) { return merge_requests(school); },
     [](const Counters& n) {
       return fmt::format("{} accounts merged, {} enrolments sent to be computed anew", n.at("success-events-count"), n.at("db-update-user-course-batch"));
     }},
    {kReconciler, "Progress is computed anew: after merges, on request, where a message was lost",
     [](const School& school, const DemoOptions& options) { return sync_requests(school, options.events, options.seed); },
     [](const Counters& n) {
       return fmt::format("{} more enrolments completed: {} certificates", n.at("enrolment-complete-count"), n.at("cert-issue-events-count"));
     }},
};

std::unexpected<Error> refused(std::string text) { return fail(Treatment::fatal, ErrorCode::invalid_option, std::move(text)); }

Result<std::vector<JobSetup>> set_up(const std::string& file) {
  if (std::filesystem::exists(file)) return refused(fmt::format("{} is there already; give --file a name that is free", file));
  auto setups = set_up_jobs({.jobs = demo_jobs(), .configs = {}, .sets = {kSetGroup}, .embedded = file, .admin = "off"});
  if (!setups.faults.empty()) return refused(setups.faults.front().text());
  return std::move(setups.jobs);
}

const JobSetup& setup_of(const std::vector<JobSetup>& setups, std::string_view job) {
  return *std::ranges::find(setups, job, [](const JobSetup& setup) -> std::string_view { return setup.job->name; });
}

Result<void> fill(const std::vector<JobSetup>& setups, const School& school, const DemoOptions& options, Log& log) {
  for (std::size_t i = 0; i < setups.size(); ++i) {
    if (auto prepared = prepare(setups[i], kStages[i].messages(school, options), log); !prepared) return prepared;
  }
  return write_school(school, setup_of(setups, kPublisher), setup_of(setups, kReconciler), log);
}

Result<JobReport> run_stage(const Stage& stage, const JobSetup& setup, PrometheusMetrics& metrics, Log& log, const DemoShow& show) {
  const auto begun = std::chrono::steady_clock::now();
  ProgressCount count;
  RunRequest request{.until_end = true, .on_progress = {}, .on_admin = {}};
  request.on_progress = [&](const RunProgress& progress) {
    if (!progress.total) return;
    count = {static_cast<std::int64_t>(progress.done), *progress.total, progress.per_second};
    // The end is told when the job has ended.
    if (count.done < count.total) show.progress(count);
  };
  const RunReport run = run_jobs({&setup, 1}, request, metrics, log, {});
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  count.per_second = static_cast<double>(count.done) / seconds;
  show.progress_end(count);
  if (!run.faults.empty()) return refused(run.faults.front().text());
  if (run.end != RunEnd::done) return fail(Treatment::fatal, ErrorCode::unavailable, run.errors.front());
  return JobReport{stage.job, static_cast<std::uint64_t>(count.done), seconds, stage.outcome(metrics.counters(stage.job))};
}

}  // namespace

std::vector<std::string> demo_jobs() {
  std::vector<std::string> names;
  for (const Stage& stage : kStages) names.emplace_back(stage.job);
  return names;
}

Result<DemoReport> run_demo(const DemoOptions& options, Log& log, const DemoShow& show) {
  auto setups = set_up(options.file);
  if (!setups) return std::unexpected(setups.error());
  const School school = make_school(options.seed, options.learners);
  show.step(fmt::format("A school in {}: {} learners, {} of them with two accounts, {} courses, {} enrolments", options.file, school.learners,
                        school.merges.size(), school.courses.size(), school.enrolments.size()));
  if (auto filled = fill(*setups, school, options, log); !filled) return std::unexpected(filled.error());

  DemoReport report{.jobs = {}, .courses = {}, .merged_accounts = school.merges.size()};
  PrometheusMetrics metrics(kVersion);
  for (std::size_t i = 0; i < setups->size(); ++i) {
    show.step(fmt::format("{} ({})", kStages[i].title, kStages[i].job));
    auto job = run_stage(kStages[i], (*setups)[i], metrics, log, show);
    if (!job) return std::unexpected(job.error());
    report.jobs.push_back(*std::move(job));
  }
  auto courses = look_at_courses(school, setup_of(*setups, kReconciler), log);
  if (!courses) return std::unexpected(courses.error());
  report.courses = *std::move(courses);
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  report.memory_peak_bytes = usage.ru_maxrss * 1024;
  return report;
}

}  // namespace lernd::demo
