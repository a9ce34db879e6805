#include "instant_api.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace lernd {
namespace {

constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 53\r\n\r\n"
    R"({"responseCode":"OK","result":{"response":"SUCCESS"}})";

/// The size of the whole request at the front of these bytes; 0 when it is not there yet.
std::size_t request_size(std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  std::size_t body = 0;
  for (auto line = bytes.find("\r\n"); line < end; line = bytes.find("\r\n", line + 2)) {
    constexpr std::string_view kLength = "Content-Length:";
    const auto name = bytes.substr(line + 2, kLength.size());
    if (name.size() == kLength.size() && ::strncasecmp(name.data(), kLength.data(), kLength.size()) == 0)
      body = std::stoul(std::string(bytes.substr(line + 2 + kLength.size(), 12)));
  }
  return bytes.size() < end + 4 + body ? 0 : end + 4 + body;
}

}  // namespace

InstantApi::InstantApi() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
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

InstantApi::~InstantApi() {
  stop_ = true;
  thread_.join();
  ::close(listener_);
}

void InstantApi::forget() {
  requests_ = 0;
  first_ = std::chrono::steady_clock::time_point();
}

void InstantApi::serve() {
  std::map<int, std::string> peers;
  std::vector<char> buffer(1 << 20);
  while (!stop_) {
    std::vector<pollfd> watched{{.fd = listener_, .events = POLLIN, .revents = 0}};
    for (const auto& [peer, bytes] : peers) watched.push_back({.fd = peer, .events = POLLIN, .revents = 0});
    if (::poll(watched.data(), watched.size(), 50) <= 0) continue;
    for (const pollfd& ready : watched) {
      if (ready.revents == 0) continue;
      if (ready.fd == listener_) {
        const int peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        const int on = 1;
        ::setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (peer >= 0) peers[peer];
        continue;
      }
      const auto count = ::recv(ready.fd, buffer.data(), buffer.size(), 0);
      if (count <= 0) {
        ::close(ready.fd);
        peers.erase(ready.fd);
        continue;
      }
      std::string& bytes = peers[ready.fd];
      bytes.append(buffer.data(), static_cast<std::size_t>(count));
      for (auto size = request_size(bytes); size > 0; size = request_size(bytes)) {
        if (requests_++ == 0) first_ = std::chrono::steady_clock::now();
        bytes.erase(0, size);
        ::send(ready.fd, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL);
      }
    }
  }
  for (const auto& [peer, bytes] : peers) ::close(peer);
}

}  // namespace lernd
