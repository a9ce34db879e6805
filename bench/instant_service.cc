#include "instant_service.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace lernd {
namespace {

constexpr int kLookMs = 50;

struct Request {
  std::size_t size = 0;  ///< of the whole; 0 when it is not there yet
  std::string_view path;
  std::string_view body;
};

/// The request at the front of these bytes.
Request request_in(std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return {};
  std::size_t body = 0;
  for (auto line = bytes.find("\r\n"); line < end; line = bytes.find("\r\n", line + 2)) {
    constexpr std::string_view kLength = "Content-Length:";
    const auto name = bytes.substr(line + 2, kLength.size());
    if (name.size() == kLength.size() && ::strncasecmp(name.data(), kLength.data(), kLength.size()) == 0)
      body = std::stoul(std::string(bytes.substr(line + 2 + kLength.size(), 12)));
  }
  if (bytes.size() < end + 4 + body) return {};
  const auto path = bytes.find(' ') + 1;
  return {end + 4 + body, bytes.substr(path, bytes.find(' ', path) - path), bytes.substr(end + 4, body)};
}

void send_all(int peer, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the peer has gone, which its next read tells
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

}  // namespace

InstantService::InstantService(Answer answer, std::chrono::milliseconds delay)
    : answer_(std::move(answer)), delay_(delay), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, SOMAXCONN) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no loopback port to listen on");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

InstantService::~InstantService() {
  stop_ = true;
  thread_.join();
  ::close(listener_);
}

void InstantService::forget() {
  requests_ = 0;
  first_ = Time();
}

void InstantService::serve() {
  while (!stop_) {
    std::vector<pollfd> watched{{.fd = listener_, .events = POLLIN, .revents = 0}};
    for (const auto& [peer, bytes] : peers_) watched.push_back({.fd = peer, .events = POLLIN, .revents = 0});
    if (::poll(watched.data(), watched.size(), wait_ms()) > 0) {
      for (const pollfd& ready : watched) {
        if (ready.revents == 0) continue;
        if (ready.fd == listener_) {
          accept_peer();
        } else {
          receive(ready.fd);
        }
      }
    }
    send_due();
  }
  for (const auto& [peer, bytes] : peers_) ::close(peer);
}

int InstantService::wait_ms() const {
  if (replies_.empty()) return kLookMs;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(replies_.begin()->first - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, kLookMs));
}

void InstantService::accept_peer() {
  const int peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (peer < 0) return;
  const int on = 1;
  ::setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  peers_[peer];
}

void InstantService::close_peer(int peer) {
  ::close(peer);
  peers_.erase(peer);
  std::erase_if(replies_, [&](const auto& reply) { return reply.second.first == peer; });
}

void InstantService::receive(int peer) {
  char buffer[1 << 16];
  const auto count = ::recv(peer, buffer, sizeof buffer, 0);
  if (count <= 0) return close_peer(peer);
  std::string& bytes = peers_[peer];
  bytes.append(buffer, static_cast<std::size_t>(count));
  for (Request request = request_in(bytes); request.size > 0; request = request_in(bytes)) {
    if (requests_++ == 0) first_ = std::chrono::steady_clock::now();
    const std::string body = answer_(request.path, request.body);
    std::string reply = fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
    bytes.erase(0, request.size);
    if (delay_.count() == 0) {
      send_all(peer, reply);
    } else {
      replies_.emplace(std::chrono::steady_clock::now() + delay_, std::pair(peer, std::move(reply)));
    }
  }
}

void InstantService::send_due() {
  const auto now = std::chrono::steady_clock::now();
  while (!replies_.empty() && replies_.begin()->first <= now) {
    const auto& [peer, reply] = replies_.begin()->second;
    send_all(peer, reply);
    replies_.erase(replies_.begin());
  }
}

}  // namespace lernd
