#include "app/demo/demo.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "adapters/observe/prometheus_metrics.h"
#include "app/demo/fill.h"
#include "app/resolve.h"
#include "app/services.h"
#include "app/system_clock.h"
#include "app/version.h"
#include "core/json.h"
#include "jobs/registry.h"

namespace lernd::demo {
namespace {

constexpr std::string_view kJob = "enrolment-reconciliation";

/// The job, its options on the demo's file, and what it runs on.
struct Stage {
  const JobDescription& job;
  OptionValues values;
  std::unique_ptr<Services> services;
};

Result<Stage> make_stage(const std::string& file) {
  if (std::filesystem::exists(file)) {
    return fail(Treatment::fatal, ErrorCode::invalid_option, fmt::format("{} is there already; give --file a name that is free", file));
  }
  const JobDescription& job = *find_job(kJob);
  auto resolved = resolve_options(options_for(job), {.set = {{"lernd.embedded.file", file}, {"kafka.auto.offset.reset", "earliest"}}});
  if (!resolved.faults.empty()) return fail(Treatment::fatal, ErrorCode::invalid_option, resolved.faults.front().text());
  auto services = make_embedded_services(file, job, resolved.values);
  return Stage{job, std::move(resolved.values), std::move(services)};
}

Result<DemoReport> work(const Stage& stage, Log& log, const std::function<void(const ProgressCount&)>& progress) {
  auto ports = stage.services->open_worker(0);
  if (!ports) return std::unexpected(ports.error());
  const auto rules = stage.job.make(stage.values);
  const auto clock = make_system_clock();
  PrometheusMetrics metrics(kVersion);
  Worker worker(*rules, {*ports->events, *ports->tables, *ports->cache, *ports->http, *clock, metrics, log}, worker_options(stage.job, stage.values, true));
  const auto begun = clock->steady();
  Result<void> result;
  std::atomic<bool> done = false;
  {
    std::jthread thread([&](std::stop_token stop) {
      result = worker.run(std::move(stop));
      done = true;
    });
    while (!done) {
      clock->sleep(std::chrono::milliseconds(100));
      const auto status = worker.status();
      progress({static_cast<std::int64_t>(status.records_done), status.records_at_start.value_or(0), status.records_per_second});
    }
  }
  if (!result) return std::unexpected(result.error());
  DemoReport report;
  report.events = worker.status().records_done;
  report.seconds = std::chrono::duration<double>(clock->steady() - begun).count();
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  report.memory_peak_bytes = usage.ru_maxrss * 1024;
  return report;
}

/// The course a certificate request names.
std::string course_of(const Record& request) {
  const auto document = JsonDocument::parse(request.value.value_or(""));
  if (!document) return "";
  return std::string(document->root().find("edata").value_or(JsonView()).find("courseId").value_or(JsonView()).text().value_or(""));
}

Result<void> look(const Stage& stage, const School& school, DemoReport& report) {
  auto ports = stage.services->open();
  if (!ports) return std::unexpected(ports.error());
  auto topics = stage.services->open_topics();
  if (!topics) return std::unexpected(topics.error());
  std::map<std::string, std::size_t> place;
  for (const Course& course : school.courses) {
    place[course.id] = report.courses.size();
    report.courses.push_back({.title = course.title});
  }
  const RowsQuery all{{stage.values.text("lms-cassandra.keyspace"), stage.values.text("lms-cassandra.user_enrolments.table")}, {"courseid", "status"}, {}};
  auto rows = std::move(ports->tables->read(std::span(&all, 1)).front());
  if (!rows) return std::unexpected(rows.error());
  for (std::size_t i = 0; i < rows->size(); ++i) {
    CourseReport& course = report.courses[place.at(*(*rows)[i]["courseid"].text())];
    const std::int64_t* status = (*rows)[i]["status"].integer();
    ++course.enrolled;
    ++(status == nullptr || *status == 0 ? course.not_started : *status == 2 ? course.completed : course.in_progress);
  }
  auto requests = (*topics)->read({stage.values.text("kafka.output.certissue.topic"), 0}, {0}, 1'000'000);
  if (!requests) return std::unexpected(requests.error());
  for (const Record& request : *requests) ++report.courses[place.at(course_of(request))].certificates;
  return {};
}

}  // namespace

Result<DemoReport> run_demo(const DemoOptions& options, Log& log, const std::function<void(const std::string&)>& step,
                            const std::function<void(const ProgressCount&)>& progress) {
  auto stage = make_stage(options.file);
  if (!stage) return std::unexpected(stage.error());
  const School school = make_school(options.seed);
  step(fmt::format("Making a school in {}: {} learners, {} courses, {} enrolments, {} sync requests", options.file, school.learners, school.courses.size(),
                   school.enrolments.size(), options.events + 1));
  if (auto filled = fill(stage->job, stage->values, *stage->services, school, sync_requests(school, options.events, options.seed)); !filled)
    return std::unexpected(filled.error());
  step(fmt::format("Running {}", kJob));
  auto report = work(*stage, log, progress);
  if (!report) return report;
  if (auto looked = look(*stage, school, *report); !looked) return std::unexpected(looked.error());
  return report;
}

}  // namespace lernd::demo
