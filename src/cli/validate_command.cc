#include <fmt/format.h>

#include <memory>

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
  auto setups = set_up_jobs(arguments.jobs);
  Faults faults = std::move(setups.faults);
  for (const UnknownKey& unknown : setups.unknown) faults.push_back(unknown.fault);
  // With a fault in the options there is no telling which services are meant.
  const bool look_at_services = setups.faults.empty() && faults.size() == setups.unknown.size() && !arguments.offline;
  if (look_at_services) {
    for (const JobSetup& setup : setups.jobs) {
      const auto log = log_of(setup);
      const auto services = make_services(*setup.job, setup.values, *log);
      auto findings = check_services(setup, *services, true);
      faults.insert(faults.end(), findings.faults.begin(), findings.faults.end());
      faults.insert(faults.end(), findings.away.begin(), findings.away.end());
    }
  }
  for (const Fault& fault : faults) fmt::print("{}\n", fault.text());
  if (faults.empty()) {
    fmt::print("{}: nothing to mend{}\n", fmt::join(arguments.jobs.jobs, ", "),
               arguments.offline ? " in the configuration; the services were not looked at" : "");
    return Exit::done;
  }
  fmt::print("{} to mend{}\n", faults.size(), look_at_services || arguments.offline ? "" : "; the services were not looked at, mend the configuration first");
  return Exit::usage;
}

}  // namespace

void add_validate(CLI::App& program, Action& chosen) {
  auto arguments = std::make_shared<ValidateArguments>();
  auto* command = program.add_subcommand("validate", "Look for everything that is wrong with a configuration and its services; changes nothing");
  command->group("Check");
  add_job_options(*command, arguments->jobs, JobCount::some);
  command->add_flag("--offline", arguments->offline, "Look at the configuration only, not at the services");
  command->callback([arguments, &chosen] { chosen = [arguments] { return validate(*arguments); }; });
}

}  // namespace lernd
