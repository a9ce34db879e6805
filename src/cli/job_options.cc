#include "cli/job_options.h"

#include <fmt/format.h>

#include "app/line_log.h"

namespace lernd {

void add_job_options(CLI::App& command, JobArguments& arguments, JobCount count) {
  auto* jobs = command.add_option(count == JobCount::one ? "JOB" : "JOBS", arguments.jobs, count == JobCount::one ? "Name of the job" : "Names of the jobs");
  jobs->expected(count == JobCount::any ? 0 : 1, count == JobCount::one ? 1 : 100)->required(count != JobCount::any);
  add_setup_options(command, arguments);
}

void add_setup_options(CLI::App& command, JobArguments& arguments) {
  command.add_option("-c,--config,--config.file.path", arguments.configs, "Configuration in HOCON, for all jobs or as JOB=FILE for one")
      ->type_name("FILE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("-s,--set", arguments.sets, "An option, key=value, for all jobs or as JOB:key=value for one")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--embedded", arguments.embedded, "Run on this SQLite file, without any service (lernd.embedded.file)")->type_name("FILE");
}

void print_faults(const std::string& command, const Faults& faults) {
  for (const auto& fault : faults) fmt::print(stderr, "lernd {}: {}\n", command, fault.text());
}

std::optional<std::vector<JobSetup>> usable_jobs(const std::string& command, const JobArguments& arguments) {
  auto setups = set_up_jobs(arguments);
  for (const auto& key : setups.unknown) fmt::print(stderr, "lernd {}: warning: {}\n", command, key.fault.text());
  if (setups.faults.empty()) return std::move(setups.jobs);
  print_faults(command, setups.faults);
  return std::nullopt;
}

std::unique_ptr<Log> log_of(const JobSetup& setup) {
  return make_line_log(log_level_named(setup.values.text("lernd.log.level")), log_format_named(setup.values.text("lernd.log.format")));
}

}  // namespace lernd
