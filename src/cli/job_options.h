#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/job_setup.h"
#include "ports/log.h"

namespace lernd {

/// How many jobs a command takes.
enum class JobCount { one, some, any };

/// Adds the names of the jobs, `--config`, `--set` and `--embedded` to a command.
void add_job_options(CLI::App& command, JobArguments& arguments, JobCount count);

/// The same without the names, for a command that is about one job anyway.
void add_setup_options(CLI::App& command, JobArguments& arguments);

/// Writes each fault on a line of its own to standard error, after the name of the command.
void print_faults(const std::string& command, const Faults& faults);

/// The jobs of a command that goes on in spite of unknown keys, which are told as warnings. Nothing when there are faults; they are printed.
std::optional<std::vector<JobSetup>> usable_jobs(const std::string& command, const JobArguments& arguments);

/// The log that the options of the first job ask for.
std::unique_ptr<Log> log_of(const JobSetup& setup);

}  // namespace lernd
