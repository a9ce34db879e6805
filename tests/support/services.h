#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace lernd {

/// Where a server listens and how to log in; user and password are empty when none is asked for.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
  std::string user;
  std::string password;
};

class Outage;

/// The real servers that tests run against, as tools/services started them.
///
/// Names    `kafka`, `cassandra`, `redis`, `elasticsearch`, `opensearch`.
/// Threads  any; a test that stops a server must not run beside others (ctest property RUN_SERIAL).
/// Errors   std::runtime_error with the remedy, so that a test without its servers fails and never passes by itself.
/// Source   tools/services/README.md.
class Servers {
 public:
  /// The servers of the file named by the environment variable LERND_SERVICES. For test bodies and fixtures; test discovery runs without servers.
  static Servers from_environment();

  /// host:port, as `bootstrap.servers` takes it.
  std::string kafka() const;
  Endpoint cassandra() const;
  Endpoint redis() const;
  /// `elasticsearch` or `opensearch`.
  Endpoint search(std::string_view name) const;

  /// The process of a server that runs.
  pid_t pid(std::string_view name) const;

  /// Each returns when it is done: `start` and `restart` when the server answers, `stop` and `kill` (SIGKILL) when its process is gone. Ports and data stay.
  void start(std::string_view name) const;
  void stop(std::string_view name) const;
  void restart(std::string_view name) const;
  void kill(std::string_view name) const;

  /// Stops a server until the returned value goes out of scope, so that a failing test does not leave the next ones without it.
  [[nodiscard]] Outage outage(std::string_view name) const;

 private:
  explicit Servers(std::filesystem::path file) : file_(std::move(file)) {}
  void tell(std::string_view verb, std::string_view name) const;

  std::filesystem::path file_;
};

/// A server that is stopped; it starts again with `end` or the destructor. A start that fails there fails the running test.
class Outage {
 public:
  Outage(Servers services, std::string_view name);
  Outage(const Outage&) = delete;
  Outage& operator=(const Outage&) = delete;
  ~Outage();

  void end();

 private:
  Servers services_;
  std::string name_;
  bool over_ = false;
};

}  // namespace lernd
