#include <fmt/format.h>

#include <memory>

#include "app/line_log.h"
#include "app/schema.h"
#include "cli/command.h"
#include "cli/job_options.h"
#include "jobs/registry.h"

namespace lernd {
namespace {

struct SchemaArguments {
  JobArguments jobs;
  bool apply = false;
  bool all = false;
};

Exit schema(SchemaArguments arguments) {
  if (arguments.jobs.jobs.empty()) {
    for (const auto& job : all_jobs()) arguments.jobs.jobs.push_back(job.name);
  }
  const auto setups = usable_jobs("schema", arguments.jobs);
  if (!setups) return Exit::usage;
  for (const auto& setup : *setups) {
    if (!arguments.apply) {
      fmt::print("-- {}\n{}\n", setup.job->name, schema_text(setup, arguments.all));
      continue;
    }
    const auto log = log_of(setup);
    const auto services = make_services(*setup.job, setup.values, *log);
    const auto lines = apply_schema(setup, *services, arguments.all);
    if (!lines) {
      fmt::print(stderr, "lernd schema: {}\n", lines.error().text);
      return lines.error().treatment == Treatment::retry ? Exit::failed : Exit::usage;
    }
    for (const auto& line : *lines) fmt::print("{}\n", line);
  }
  return Exit::done;
}

}  // namespace

void add_schema(CLI::App& program, Action& chosen) {
  auto arguments = std::make_shared<SchemaArguments>();
  auto* command = program.add_subcommand("schema", "Print the tables and topics that jobs need, or create what is missing");
  command->group("Set up");
  add_job_options(*command, arguments->jobs, JobCount::any);
  command->add_flag("--apply", arguments->apply, "Create what is missing: the journal's tables and the dead-letter topic");
  command->add_flag("--all", arguments->all, "The platform's tables and topics too (topics with one partition)");
  command->footer("Without a job: those of all jobs.");
  command->callback([arguments, &chosen] { chosen = [arguments] { return schema(*arguments); }; });
}

}  // namespace lernd
