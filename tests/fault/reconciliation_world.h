#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/demo/school.h"
#include "app/services.h"
#include "support/process.h"

namespace lernd {

/// Everything enrolment-reconciliation can change, as lines: rows and output records, with times and generated ids replaced by marks.
struct Effects {
  std::vector<std::string> rows;
  std::map<std::string, std::vector<std::string>> records;  ///< by topic option, sorted
  std::vector<std::string> committed;                       ///< partition → committed position
  bool operator==(const Effects&) const = default;
};

/// A school on the real services, with a keyspace, topics and a group of its own, and the `lernd` program to run over it.
class ReconciliationWorld {
 public:
  /// `partitions` of the input topic; the requests are spread over them by learner.
  ReconciliationWorld(std::uint64_t seed, std::size_t learners, std::size_t requests, int partitions = 1);
  ~ReconciliationWorld();

  /// Starts `lernd run … --until-end` with the test hooks given in `environment`.
  Process start(std::map<std::string, std::string> environment = {}, const std::string& instance = "one");
  /// What is there now.
  Effects effects();
  /// What an undisturbed run on the embedded default ends with, for the same school and requests.
  Effects undisturbed() const;

 private:
  std::filesystem::path folder_;
  demo::School school_;
  std::vector<std::string> requests_;
  const JobDescription& job_;
  OptionValues values_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<lernd::Services> services_;
};

}  // namespace lernd
