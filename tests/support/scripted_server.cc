#include "support/scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace lernd {

ScriptedPeer::~ScriptedPeer() { close(socket_); }

std::string ScriptedPeer::receive() {
  char buffer[4096];
  const auto received = recv(socket_, buffer, sizeof buffer, 0);
  return received > 0 ? std::string(buffer, static_cast<std::size_t>(received)) : std::string();
}

std::string ScriptedPeer::receive_until(std::string_view end) {
  std::string all;
  while (!all.ends_with(end)) {
    const std::string more = receive();
    if (more.empty()) break;
    all += more;
  }
  return all;
}

void ScriptedPeer::send(std::string_view bytes) { ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

void ScriptedPeer::finish() { shutdown(socket_, SHUT_WR); }

void ScriptedPeer::await_end() {
  while (!receive().empty()) {
  }
}

ScriptedServer::ScriptedServer(std::vector<Script> scripts) : listener_(socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 || listen(listener_, 8) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    throw std::runtime_error("no loopback port to listen on");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this, scripts = std::move(scripts)] {
    for (const Script& script : scripts) {
      const int socket = accept(listener_, nullptr, nullptr);
      if (socket < 0) return;
      ScriptedPeer peer(socket);
      script(peer);
    }
  });
}

ScriptedServer::~ScriptedServer() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

}  // namespace lernd
