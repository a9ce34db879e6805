#include <fmt/format.h>

#include <memory>

#include "app/line_log.h"
#include "app/service_checks.h"
#include "cli/command.h"
#include "cli/job_options.h"

namespace lernd {
namespace {

struct ValidateArguments {
  JobArguments jobs;
  bool offline = false;
};

Exit validate(const ValidateArguments& arguments) {
  const auto setups = set_up_jobs(arguments.jobs);
  Faults faults = setups.faults;
  for (const auto& key : setups.unknown) faults.push_back(key.fault);
  const auto log = make_line_log(LogLevel::error, log_format_named("auto"));
  for (const auto& setup : setups.jobs) {
    if (arguments.offline) break;
    const auto services = make_services(*setup.job, setup.values, *log);
    auto findings = check_services(setup, *services, true);
    for (auto* list : {&findings.faults, &findings.away}) {
      for (auto& fault : *list) faults.push_back(std::move(fault));
    }
  }
  for (const auto& fault : faults) fmt::print("{}\n", fault.text());
  if (!faults.empty()) {
    fmt::print("{} {}\n", faults.size(), faults.size() == 1 ? "fault" : "faults");
    return Exit::usage;
  }
  fmt::print("nothing to mend{}\n", arguments.offline ? " in the configuration; services were not looked at" : "");
  return Exit::done;
}

}  // namespace

void add_validate(CLI::App& program, Action& chosen) {
  auto arguments = std::make_shared<ValidateArguments>();
  auto* command = program.add_subcommand("validate", "Look for everything that is wrong, in the configuration and the services, and say how to mend it");
  command->group("Check");
  add_job_options(*command, arguments->jobs, JobCount::some);
  command->add_flag("--offline", arguments->offline, "Look at the configuration only");
  command->callback([arguments, &chosen] { chosen = [arguments] { return validate(*arguments); }; });
}

}  // namespace lernd
