#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "adapters/http/stub_server.h"

namespace lernd {

/// A request to a server of search indices, past every gate. Nothing when it does not answer.
struct IndexAnswer {
  int status = 0;
  std::string body;
};
std::optional<IndexAnswer> ask_index(const std::string& server, const std::string& method, const std::string& path, const std::string& body = "");

/// What a gate makes of requests.
enum class GateState {
  open,
  resets,         ///< the server gets nothing; the connection is reset
  broken,         ///< the server gets nothing; the answer is a status of a proxy
  loses_answers,  ///< the server does what it is asked, and nobody hears of it
  stalls,         ///< the same, and the answer comes when nobody waits for it any more
};

/// A server of search indices behind a proxy that can fail.
///
/// Threads  any.
class IndexGate {
 public:
  /// `server` is `host:port`. `meddle` is called with the ids of the documents that a request is to change, before the server gets it; one call at a time.
  explicit IndexGate(std::string server, std::function<void(const std::vector<std::string>&)> meddle = {});

  void set(GateState state) { state_ = state; }
  int port() const { return proxy_->port(); }
  /// Requests to change documents that have come.
  std::size_t updates() const { return updates_; }

 private:
  StubReply reply(const StubRequest& request);
  StubReply pass(const StubRequest& request) const;

  const std::string server_;
  const std::function<void(const std::vector<std::string>&)> meddle_;
  std::atomic<GateState> state_ = GateState::open;
  std::atomic<std::size_t> updates_ = 0;
  std::unique_ptr<StubServer> proxy_;
};

}  // namespace lernd
