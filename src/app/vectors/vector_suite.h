#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/vectors/vector_run.h"

namespace lernd {

/// How one case ended. Passed: no differences and no error.
struct VectorResult {
  std::string file;
  std::string name;
  Differences differences;
  std::string error;  ///< what kept it from being run; empty when it was
  double seconds = 0;

  bool passed() const { return differences.empty() && error.empty(); }
};

/// The case files that these names stand for: files themselves, and every `.json` below folders; sorted, each once.
///
/// Errors  `fatal`/`not_found` for a name that is nothing, or a folder without cases.
Result<std::vector<std::string>> find_case_files(const std::vector<std::string>& names);

/// Runs every case, each in a world of its own, and hands over its result as soon as it is there. True when all passed.
bool run_vectors(const std::vector<std::string>& files, const std::function<Result<std::unique_ptr<VectorWorld>>()>& make_world, Log& log,
                 const std::function<void(const VectorResult&)>& report);

}  // namespace lernd
