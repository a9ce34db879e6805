#pragma once

#include <map>
#include <memory>
#include <string>

#include "app/option_table.h"
#include "app/services.h"
#include "app/vectors/outcome.h"
#include "app/vectors/vector_case.h"

namespace lernd {

/// Puts the state of a case in place before the job runs, and reads afterwards what the case asserts.
class VectorStage {
 public:
  /// `plain` are the options with the names the case uses, `values` those that hold on these services. Both, and `job`, `table` and `services`, outlive the
  /// stage.
  static Result<VectorStage> open(const JobDescription& job, const OptionValues& plain, const OptionValues& values, const OptionTable& table,
                                  Services& services);

  /// Tables, rows, cache keys, documents, topics and the messages.
  Result<void> set_up(const VectorCase& vector);
  /// Everything but calls and counters.
  Result<VectorOutcome> collect(const VectorCase& vector);

 private:
  VectorStage(const JobDescription& job, const OptionValues& values, const OptionTable& table) : job_(&job), values_(&values), option_table_(&table) {}

  Result<const TableSchema*> schema(const std::string& name) const;
  CacheId cache_id(int database) const;
  Result<void> check_index(const std::string& index) const;
  Result<void> make_tables();
  Result<void> insert(const std::string& name, const nlohmann::json& rows);
  Result<void> fill_cache(int database, const nlohmann::json& keys);
  Result<void> fill_index(const std::string& index, const VectorCase::Documents& documents);
  Result<void> send(const std::vector<std::string>& messages);
  Result<VectorOutcome::Table> read_table(const std::string& name);
  Result<nlohmann::json> read_cache(int database);
  Result<VectorCase::Documents> read_index(const std::string& index);
  Result<std::vector<nlohmann::json>> read_topic(const std::string& option);
  Result<std::set<std::size_t>> read_failed();

  const JobDescription* job_;
  const OptionValues* values_;
  const OptionTable* option_table_;
  std::map<std::string, TableSchema> tables_;  ///< by the name the case uses
  Ports ports_;
  std::unique_ptr<TopicAdmin> topics_;
};

}  // namespace lernd
