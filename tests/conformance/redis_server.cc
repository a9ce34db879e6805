#include "conformance/redis_server.h"

#include <csignal>
#include <stdexcept>

#include "conformance/conformance.h"
#include "support/scripted_server.h"

namespace lernd {
namespace {

constexpr std::chrono::seconds kPatience{30};

/// A port that was free a moment ago.
int free_port() { return ScriptedServer({}).port(); }

}  // namespace

RedisServer::RedisServer(std::vector<std::string> arguments)
    : arguments_(std::move(arguments)), folder_(std::filesystem::temp_directory_path() / unique_name("lernd_redis")) {
  std::filesystem::create_directory(folder_);
  start();
}

RedisServer::~RedisServer() {
  process_.reset();
  std::filesystem::remove_all(folder_);
}

RedisOptions RedisServer::options() const {
  RedisOptions options;
  options.endpoints["redis"] = {.host = "127.0.0.1", .port = port_};
  return options;
}

void RedisServer::stop() {
  process_->signal(SIGTERM);
  if (!process_->wait(kPatience)) throw std::runtime_error("redis-server does not end");
  process_.reset();
}

void RedisServer::start() {
  const bool first = port_ == 0;
  // Somebody else may take the port in between, so another one is tried; a server that comes back has to have its own.
  for (int attempt = 0; attempt < 5; ++attempt) {
    if (first) port_ = free_port();
    std::vector<std::string> words{"redis-server", "--port", std::to_string(port_), "--bind", "127.0.0.1",     "--dir", folder_.string(),
                                   "--save",       "",       "--appendonly",        "yes",    "--appendfsync", "no"};
    words.insert(words.end(), arguments_.begin(), arguments_.end());
    process_.emplace(Command{.words = std::move(words)});
    if (process_->wait_for_output("Ready to accept connections", kPatience)) return;
  }
  throw std::runtime_error("redis-server does not start (apt-get install redis-server):\n" + process_->out() + process_->err());
}

}  // namespace lernd
