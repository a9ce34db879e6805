#include "app/job_setup.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "jobs/registry.h"

namespace lernd {
namespace {

/// What precedes `mark` if that is the name of a job, as its own name, and the rest of the text.
std::pair<std::string, std::string> for_job(const std::string& text, char mark) {
  const auto at = text.find(mark);
  const auto* job = at == std::string::npos ? nullptr : find_job(text.substr(0, at));
  if (job != nullptr) return {job->name, text.substr(at + 1)};
  return {"", text};
}

std::string job_names() {
  std::string names;
  for (const auto& job : all_jobs()) names += (names.empty() ? "" : ", ") + job.name;
  return names;
}

class Setup {
 public:
  explicit Setup(const JobArguments& arguments) : arguments_(arguments) {}

  JobSetups run() {
    find_jobs();
    read_files();
    read_sets();
    for (auto& setup : setups_.jobs) {
      const auto file = files_.find(file_of(setup.job->name));
      auto resolved = resolve_options(
          setup.table, {.file = file == files_.end() ? nullptr : &file->second, .set = sets_[setup.job->name], .environment = process_environment});
      check_together(*setup.job, resolved);
      setup.values = std::move(resolved.values);
      setup.where = std::move(resolved.where);
      setup.faulty = std::move(resolved.faulty);
      for (auto& fault : resolved.faults) {
        // What stands nowhere is the default of one job.
        if (fault.where.empty()) fault.where = setup.job->name;
        // Jobs that share a file share its faults.
        if (std::ranges::find(setups_.faults, fault) == setups_.faults.end()) setups_.faults.push_back(std::move(fault));
      }
    }
    unknown();
    return std::move(setups_);
  }

 private:
  void fault(std::string where, std::string what, std::string remedy) { setups_.faults.push_back({std::move(where), std::move(what), std::move(remedy)}); }

  void find_jobs() {
    std::set<std::string> named;
    for (const auto& name : arguments_.jobs) {
      const auto* job = find_job(name);
      if (job == nullptr) {
        fault("", fmt::format("there is no job {}", name), fmt::format("the jobs are: {}", job_names()));
      } else if (!named.insert(job->name).second) {
        fault("", fmt::format("the job {} is named twice", name), "lernd.workers says how many workers it has");
      } else {
        setups_.jobs.push_back({job, options_for(*job), {}, {}, {}});
      }
    }
  }

  /// A job that the command line gives something to must be one that it names.
  bool is_named(const std::string& job, const std::string& where) {
    if (job.empty() || std::ranges::any_of(setups_.jobs, [&](const JobSetup& setup) { return setup.job->name == job; })) return true;
    fault(where, fmt::format("the job {} is not among those to be run", job), "name it too, or leave this out");
    return false;
  }

  std::string file_of(const std::string& job) const {
    const auto own = file_by_job_.find(job);
    const auto shared = file_by_job_.find("");
    return own != file_by_job_.end() ? own->second : shared != file_by_job_.end() ? shared->second : "";
  }

  void read_files() {
    for (const auto& text : arguments_.configs) {
      auto [job, path] = for_job(text, '=');
      if (!is_named(job, "--config " + text)) continue;
      if (!file_by_job_.emplace(job, path).second) {
        fault("--config " + text, "a second file for the same job", "give one file a job; it may include others");
        continue;
      }
      if (files_.contains(path)) continue;
      if (auto file = read_config_file(path)) {
        files_.emplace(path, std::move(*file));
      } else {
        fault("", file.error().text, "");
      }
    }
  }

  void read_sets() {
    for (const auto& text : arguments_.sets) {
      const auto equals = text.find('=');
      if (equals == std::string::npos || equals == 0) {
        fault("--set " + text, "there is no key=value", "for example --set redis.port=6380");
        continue;
      }
      auto [job, key] = for_job(text.substr(0, equals), ':');
      if (!is_named(job, "--set " + text.substr(0, equals))) continue;
      for (const auto& setup : setups_.jobs) {
        if (job.empty() || job == setup.job->name) sets_[setup.job->name][key] = text.substr(equals + 1);
      }
    }
    for (const auto& setup : setups_.jobs) {
      if (!arguments_.embedded.empty()) sets_[setup.job->name]["lernd.embedded.file"] = arguments_.embedded;
      if (!arguments_.admin.empty()) sets_[setup.job->name]["lernd.admin.address"] = arguments_.admin;
    }
  }

  void unknown() {
    for (const auto& [path, file] : files_) {
      std::vector<const OptionTable*> readers;
      for (const auto& setup : setups_.jobs) {
        if (file_of(setup.job->name) == path) readers.push_back(&setup.table);
      }
      for (auto& key : unknown_keys(file, readers)) {
        if (key.key.starts_with("lernd.")) {
          setups_.faults.push_back(std::move(key.fault));
        } else {
          setups_.unknown.push_back(std::move(key));
        }
      }
    }
  }

  const JobArguments& arguments_;
  JobSetups setups_;
  std::map<std::string, ConfigFile> files_;                         ///< by path
  std::map<std::string, std::string> file_by_job_;                  ///< path by job; that of the empty name is for all others
  std::map<std::string, std::map<std::string, std::string>> sets_;  ///< by job
};

}  // namespace

JobSetups set_up_jobs(const JobArguments& arguments) { return Setup(arguments).run(); }

}  // namespace lernd
