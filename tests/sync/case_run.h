#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "conformance/temporary_folder.h"
#include "sync/stub_api.h"
#include "sync/table_world.h"

namespace lernd::sync {

/// What one start of the program left behind.
struct Outcome {
  int exit_code = 0;
  std::string out;
  std::string err;
  std::int64_t elapsed_ms = 0;
  std::vector<StubRequest> calls;
  std::map<std::string, std::string> written;  ///< files that it wrote → their bytes
  std::map<std::string, std::string> all;      ///< all files that are there → their bytes
};

/// Plays case files of `lernd sync`. `tables` is null where there is no database. Format: tests/cases/sync/README.md.
class CaseRun {
 public:
  CaseRun(nlohmann::json rules, TableWorld* tables) : case_(std::move(rules)), tables_(tables) {}

  /// Everything that was not as expected; empty for a case that passes.
  std::vector<std::string> play();

 private:
  Outcome start(const nlohmann::json& run);
  std::vector<std::string> words_of(const nlohmann::json& run) const;
  void write_files(const nlohmann::json& files) const;

  const nlohmann::json case_;
  TableWorld* const tables_;
  TemporaryFolder folder_;
  StubApi api_;
};

nlohmann::json load_case(const std::string& name);
/// The names of all cases; those with a section `tables` or those without.
std::vector<std::string> case_names(bool with_tables);

/// Compares an outcome with an `expect` section.
std::vector<std::string> check(const nlohmann::json& expect, const Outcome& outcome);

}  // namespace lernd::sync
