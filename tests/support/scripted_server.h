#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace lernd {

/// One end of an accepted connection.
class ScriptedPeer {
 public:
  explicit ScriptedPeer(int socket) : socket_(socket) {}
  ~ScriptedPeer();
  ScriptedPeer(const ScriptedPeer&) = delete;
  ScriptedPeer& operator=(const ScriptedPeer&) = delete;

  /// What arrived, at least one byte; empty when the other side closed.
  std::string receive();
  /// Everything that arrives up to and with `end`; less when the other side closed before.
  std::string receive_until(std::string_view end);
  void send(std::string_view bytes);
  /// Sends the end of the connection; it has left when this returns.
  void finish();
  /// Waits until the other side closes.
  void await_end();

 private:
  int socket_;
};

/// A server on a free loopback port that plays one script a connection, one after the other, and closes each at the end of its script.
class ScriptedServer {
 public:
  using Script = std::function<void(ScriptedPeer&)>;

  explicit ScriptedServer(std::vector<Script> scripts);
  /// Waits for the scripts that have begun; those without a connection are dropped.
  ~ScriptedServer();

  int port() const { return port_; }

 private:
  int listener_;
  int port_;
  std::jthread thread_;
};

}  // namespace lernd
