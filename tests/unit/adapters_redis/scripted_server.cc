#include "scripted_server.h"

#include <arpa/inet.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>

namespace lernd {

ScriptedPeer::~ScriptedPeer() { close(socket_); }

std::vector<std::string> ScriptedPeer::commands(std::size_t count) {
  // Commands have the form of replies, so the library reads them too.
  const std::unique_ptr<redisReader, decltype(&redisReaderFree)> reader(redisReaderCreate(), &redisReaderFree);
  std::vector<std::string> commands;
  char buffer[4096];
  while (commands.size() < count) {
    void* reply = nullptr;
    if (redisReaderGetReply(reader.get(), &reply) != REDIS_OK) break;
    if (reply != nullptr) {
      const std::unique_ptr<redisReply, decltype(&freeReplyObject)> command(static_cast<redisReply*>(reply), &freeReplyObject);
      std::string& words = commands.emplace_back();
      for (std::size_t i = 0; i < command->elements; ++i) words.append(i > 0 ? " " : "").append(command->element[i]->str, command->element[i]->len);
      continue;
    }
    const auto received = recv(socket_, buffer, sizeof buffer, 0);
    if (received <= 0) break;
    redisReaderFeed(reader.get(), buffer, static_cast<std::size_t>(received));
  }
  return commands;
}

void ScriptedPeer::send(std::string_view bytes) { ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

void ScriptedPeer::finish() { shutdown(socket_, SHUT_WR); }

void ScriptedPeer::await_end() {
  char buffer[4096];
  while (recv(socket_, buffer, sizeof buffer, 0) > 0) {
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
