#include "app/vectors/vector_suite.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <set>

namespace lernd {
namespace {

namespace fs = std::filesystem;

VectorResult run_file(const std::string& file, const std::function<Result<std::unique_ptr<VectorWorld>>()>& make_world, Log& log) {
  VectorResult result{.file = file, .name = fs::path(file).stem().string()};
  const auto started = std::chrono::steady_clock::now();
  if (auto vector = load_vector_case(file); !vector) {
    result.error = vector.error().text;
  } else {
    result.name = vector->name;
    if (auto world = make_world(); !world) {
      result.error = world.error().text;
    } else if (auto differences = run_vector(*vector, **world, log); !differences) {
      result.error = differences.error().text;
    } else {
      result.differences = std::move(*differences);
    }
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return result;
}

}  // namespace

Result<std::vector<std::string>> find_case_files(const std::vector<std::string>& names) {
  std::set<std::string> files;
  for (const auto& name : names) {
    std::error_code error;
    if (fs::is_directory(name, error)) {
      const auto before = files.size();
      for (const auto& entry : fs::recursive_directory_iterator(name, error)) {
        if (entry.path().extension() == ".json") files.insert(entry.path().string());
      }
      if (files.size() == before) return fail(Treatment::fatal, ErrorCode::not_found, fmt::format("no case files (*.json) below {}", name));
    } else if (fs::exists(name, error)) {
      files.insert(name);
    } else {
      return fail(Treatment::fatal, ErrorCode::not_found, fmt::format("there is no file or folder {}", name));
    }
  }
  return std::vector<std::string>(files.begin(), files.end());
}

bool run_vectors(const std::vector<std::string>& files, const std::function<Result<std::unique_ptr<VectorWorld>>()>& make_world, Log& log,
                 const std::function<void(const VectorResult&)>& report) {
  bool passed = true;
  for (const auto& file : files) {
    const auto result = run_file(file, make_world, log);
    passed = passed && result.passed();
    report(result);
  }
  return passed;
}

}  // namespace lernd
