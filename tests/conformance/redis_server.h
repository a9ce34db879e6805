#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "adapters/redis/redis_cache.h"
#include "support/process.h"

namespace lernd {

/// A Redis server of one test program on a free loopback port, with an empty folder of its own that goes with it.
///
/// What it acknowledged survives a restart. Errors: std::runtime_error when the server cannot be started.
class RedisServer {
 public:
  /// `arguments` are further ones of redis-server, for example `--requirepass secret`.
  explicit RedisServer(std::vector<std::string> arguments = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  int port() const { return port_; }
  /// Options for a cache whose endpoint `redis` is this server.
  RedisOptions options() const;

  void stop();
  /// Returns when it answers; on the port it had.
  void start();

 private:
  std::vector<std::string> arguments_;
  std::filesystem::path folder_;
  int port_ = 0;
  std::optional<Process> process_;
};

}  // namespace lernd
