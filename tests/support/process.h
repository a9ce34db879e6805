#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lernd {

/// What to start, and where its output goes.
struct Command {
  std::vector<std::string> words;                       ///< program (found through PATH when it has no slash) and arguments
  std::map<std::string, std::string> environment = {};  ///< added to the environment of this process
  std::filesystem::path directory = {};                 ///< working folder; empty: that of this process
  std::filesystem::path out_file = {};                  ///< standard output is appended to this file; empty: kept in memory
  std::filesystem::path err_file = {};                  ///< the same for standard error
};

/// A child process of a test. It is killed with this object, and with the test program however that ends.
///
/// Threads  one thread at a time. The kernel ends the child together with the thread that started it, so start it from a thread that outlives it.
/// Errors   std::system_error when the program cannot be started; nothing else throws.
class Process {
 public:
  explicit Process(const Command& command);
  Process(Process&&) noexcept;
  Process& operator=(Process&&) noexcept;
  ~Process();

  pid_t pid() const;
  /// Sends a signal to exactly this process; nothing happens when it has ended.
  void signal(int signal_number);
  /// Ends it by SIGKILL and returns when it is gone.
  void kill();
  /// Waits for the end, at most `limit`. The exit code, 128 + n after signal n, nothing when it still runs.
  std::optional<int> wait(std::chrono::milliseconds limit);

  /// What was written so far, by it and its own children.
  std::string out() const;
  std::string err() const;
  /// Waits until standard output or standard error contains `text`; false when `limit` passed or the process ended without it.
  bool wait_for_output(std::string_view text, std::chrono::milliseconds limit);

 private:
  struct Child;
  std::unique_ptr<Child> child_;
};

/// How a command ended.
struct Finished {
  int code = 0;  ///< as `Process::wait` gives it
  std::string out;
  std::string err;
};

/// Runs a command to its end. After `limit` it is killed, so its code is 137.
Finished run(const Command& command, std::chrono::milliseconds limit = std::chrono::minutes(1));

}  // namespace lernd
