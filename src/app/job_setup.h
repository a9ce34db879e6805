#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/option_table.h"
#include "app/resolve.h"
#include "core/job_description.h"

namespace lernd {

/// What a command line says about jobs and their options.
struct JobArguments {
  std::vector<std::string> jobs;
  std::vector<std::string> configs;  ///< `FILE` for all jobs, or `JOB=FILE`
  std::vector<std::string> sets;     ///< `key=value` for all jobs, or `JOB:key=value`
  std::string embedded;              ///< short for `lernd.embedded.file`
  std::string admin;                 ///< short for `lernd.admin.address`
};

/// A job with its options.
struct JobSetup {
  const JobDescription* job = nullptr;
  OptionTable table;
  OptionValues values;
  std::map<std::string, std::string, std::less<>> where;  ///< of the options that were set: where that was
  std::set<std::string> faulty;                           ///< options whose value is wrong; they have their defaults
};

/// The jobs of a command line. They may only be run when there are no faults.
struct JobSetups {
  std::vector<JobSetup> jobs;
  Faults faults;
  std::vector<UnknownKey> unknown;  ///< keys of the files that none of the jobs reading them knows; those below `lernd.` are faults instead
};

/// Reads the files and settles every option of every job. All that is wrong is reported, not only the first thing.
///
/// A key may be known to one of several jobs that share a file and unknown to the others.
JobSetups set_up_jobs(const JobArguments& arguments);

}  // namespace lernd
