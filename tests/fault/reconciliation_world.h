#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/demo/school.h"
#include "app/services.h"
#include "conformance/temporary_folder.h"
#include "support/process.h"

namespace lernd {

/// Everything enrolment-reconciliation can change, as lines: rows and output records, with times and generated ids replaced by marks.
struct Effects {
  std::vector<std::string> rows;
  std::map<std::string, std::vector<std::string>> records;  ///< by topic option, sorted
  std::vector<std::string> committed;                       ///< partition → committed position
  bool operator==(const Effects&) const = default;
};

/// Fails the running test when the rows or records of `effects` are others than those of a run that nothing disturbed; says which.
void expect_same(const Effects& effects, const Effects& undisturbed);

/// What a world is made of.
struct WorldOptions {
  std::size_t learners = 0;
  std::size_t requests = 0;
  int partitions = 1;     ///< of the input topic; the requests are spread over them by learner
  bool embedded = false;  ///< on a SQLite file of its own instead of the real services
  std::map<std::string, std::string> set = {};
  std::vector<OutputRecord> first = {};  ///< what stands before the requests in partition 0 of the input topic, whatever topic they name
};

/// A school with a keyspace, topics and a group of its own, and the `lernd` program to run over it. What it made is removed with it.
///
/// Its Redis database is one for all worlds, so two of them must not work at the same time.
class ReconciliationWorld {
 public:
  ReconciliationWorld(std::uint64_t seed, WorldOptions options);
  ~ReconciliationWorld();
  ReconciliationWorld(const ReconciliationWorld&) = delete;
  ReconciliationWorld& operator=(const ReconciliationWorld&) = delete;

  /// Starts `lernd run … --until-end` with the test hooks given in `environment`.
  Process start(std::map<std::string, std::string> environment = {}, const std::string& instance = "one");
  /// `lernd run` over this world, and `more` words.
  Command command(std::vector<std::string> more = {}) const;

  /// What is there now.
  Effects effects();
  /// What an undisturbed run on the embedded default ends with, for the same school and requests.
  Effects undisturbed() const;

  /// The configuration, in the form of a Flink job's: a file that includes `base-config.conf`.
  std::string config() const { return folder_.file("job.conf"); }
  const JobDescription& job() const { return job_; }
  const OptionValues& values() const { return values_; }
  lernd::Services& services() { return *services_; }
  std::vector<Record> dead_letters();
  /// Where the group stands in partition 0 of the input topic; nothing as long as it has committed nothing.
  std::optional<Offset> committed();

 private:
  void write_config() const;

  TemporaryFolder folder_;
  demo::School school_;
  std::vector<std::string> requests_;
  const JobDescription& job_;
  std::map<std::string, std::string> set_;
  OptionValues values_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<lernd::Services> services_;
};

}  // namespace lernd
