#include <fmt/format.h>

#include <chrono>
#include <memory>

#include "app/progress_view.h"
#include "app/run_jobs.h"
#include "app/stop_signals.h"
#include "app/version.h"
#include "cli/command.h"
#include "cli/job_options.h"

namespace lernd {
namespace {

struct RunArguments {
  JobArguments jobs;
  bool until_end = false;
};

Exit run(const RunArguments& arguments) {
  const auto setups = usable_jobs("run", arguments.jobs);
  if (!setups) return Exit::usage;
  const auto& first = setups->front();
  const auto log = log_of(first);
  const std::chrono::milliseconds drain_max(first.values.integer("lernd.drain_ms"));
  StopSignals signals(drain_max, static_cast<int>(Exit::stopped_early), [&] { log->write(LogLevel::info, "stopping: finishing the batch in hand", {}); });

  // Without an end there is nothing to come closer to.
  ProgressView view("events");
  ProgressCount count;
  RunRequest request{.until_end = arguments.until_end};
  if (arguments.until_end) {
    request.on_progress = [&](const RunProgress& progress) {
      if (!progress.total) return;
      count = {static_cast<std::int64_t>(progress.done), *progress.total, progress.per_second};
      view.show(count, std::chrono::steady_clock::now());
    };
  }
  PrometheusMetrics metrics(kVersion);
  const auto report = run_jobs(*setups, request, metrics, *log, signals.token());
  if (count.total > 0) view.finish(count);

  print_faults("run", report.faults);
  for (const auto& error : report.errors) fmt::print(stderr, "lernd run: {}\n", error);
  switch (report.end) {
    case RunEnd::done:
      return Exit::done;
    case RunEnd::failed:
      return Exit::failed;
    case RunEnd::misconfigured:
      return Exit::usage;
  }
  return Exit::failed;
}

}  // namespace

void add_run(CLI::App& program, Action& chosen) {
  auto arguments = std::make_shared<RunArguments>();
  auto* command = program.add_subcommand("run", "Run jobs until SIGTERM or SIGINT; several share the process");
  command->group("Run");
  add_job_options(*command, arguments->jobs, JobCount::some);
  command->add_flag("--until-end", arguments->until_end, "Stop once everything that was in the topics at start is done");
  command->add_option("--http", arguments->jobs.admin, "Address of the admin pages; `off` for none (lernd.admin.address)")->type_name("ADDR:PORT");
  command->footer(
      "The file is that of the Flink job, include \"base-config.conf\" and all. All options: `lernd options`.\n"
      "SIGTERM finishes and commits the batch in hand, then exits with 0; a second one exits with 3 at once.");
  command->callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace lernd
