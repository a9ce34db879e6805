#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <concepts>
#include <ostream>
#include <string>
#include <thread>

#include "core/error.h"
#include "core/plan_json.h"

namespace lernd {

/// A name that no other test, process or run uses.
inline std::string unique_name(const std::string& stem) {
  static std::atomic<unsigned> count{0};
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  return stem + "_" + std::to_string(::getpid()) + "_" + std::to_string(now) + "_" + std::to_string(++count);
}

/// Whether a call worked; the message of the assertion is that of the error.
template <class T>
testing::AssertionResult ok(const Result<T>& result) {
  if (result) return testing::AssertionSuccess();
  return testing::AssertionFailure() << name_of(result.error().treatment) << "/" << name_of(result.error().code) << ": " << result.error().text;
}

/// Whether a call failed with this treatment and code, and its text names all of `names`.
template <class T>
testing::AssertionResult failed(const Result<T>& result, Treatment treatment, ErrorCode code, std::initializer_list<std::string> names = {}) {
  if (result) return testing::AssertionFailure() << "it worked";
  const Error& error = result.error();
  const auto shown = [&] { return testing::AssertionFailure() << name_of(error.treatment) << "/" << name_of(error.code) << ": " << error.text; };
  if (error.treatment != treatment || error.code != code) return shown() << " (expected " << name_of(treatment) << "/" << name_of(code) << ")";
  for (const std::string& name : names) {
    if (error.text.find(name) == std::string::npos) return shown() << " (does not name " << name << ")";
  }
  return testing::AssertionSuccess();
}

template <class T>
testing::AssertionResult failed(const Result<T>& result, Treatment treatment) {
  if (result) return testing::AssertionFailure() << "it worked";
  return failed(result, treatment, result.error().code);
}

/// Looks until `condition` holds. False when it does not within `limit`.
template <std::predicate Condition>
bool eventually(Condition condition, std::chrono::milliseconds limit = std::chrono::seconds(30)) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

/// The name of a backend as a test parameter.
struct BackendName {
  template <class Factory>
  std::string operator()(const testing::TestParamInfo<Factory>& info) const {
    return info.param.name;
  }
};

/// For the messages of GoogleTest.
inline void PrintTo(const Value& value, std::ostream* out) { *out << describe(value); }

}  // namespace lernd
