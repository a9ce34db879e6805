#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "support/process.h"
#include "world.h"

namespace lernd::bench {

/// What a process has used since it began, from /proc.
struct Usage {
  double cpu_seconds = 0;              ///< user and system, of all its threads and of children it has waited for
  std::int64_t memory_bytes = 0;       ///< resident now
  std::int64_t memory_peak_bytes = 0;  ///< VmHWM
};

/// The process under test.
class Subject {
 public:
  /// Starts `command` by the shell, with `{config}`, `{brokers}`, `{cassandra_host}`, `{cassandra_port}`, `{redis_host}`, `{redis_port}`, `{keyspace}`, `{env}`
  /// and `{group}` replaced by those of the world.
  Subject(const World& world, const std::string& command);

  std::chrono::steady_clock::time_point started() const { return started_; }
  /// Throws when the process has ended: it should not have.
  Usage usage();
  /// SIGTERM. Throws when it does not end within a minute, or with another exit code than 0.
  void stop();

 private:
  std::string last_words() const;

  std::filesystem::path log_;
  std::chrono::steady_clock::time_point started_;
  Process process_;
};

}  // namespace lernd::bench
