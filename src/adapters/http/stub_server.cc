#include "adapters/http/stub_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <stop_token>
#include <thread>

namespace lernd {
namespace {

constexpr std::size_t kThreads = 64;

int port_of(const sockaddr_in& address) { return ntohs(address.sin_port); }

/// The socket of a connection, -1 when there is none. The library shows no sockets, so it is found by the ports of its two ends.
int socket_between(int server_port, int peer_port) {
  for (int socket = 0; socket < FD_SETSIZE; ++socket) {  // the library serves no others: it waits with select(2)
    sockaddr_in here{};
    sockaddr_in there{};
    socklen_t here_length = sizeof here;
    socklen_t there_length = sizeof there;
    if (getsockname(socket, reinterpret_cast<sockaddr*>(&here), &here_length) == 0 && here.sin_family == AF_INET && port_of(here) == server_port &&
        getpeername(socket, reinterpret_cast<sockaddr*>(&there), &there_length) == 0 && port_of(there) == peer_port) {
      return socket;
    }
  }
  return -1;
}

/// Resets a connection under the library's hands: without lingering the kernel answers the close with a reset, and the number of the socket stays taken by
/// something harmless until the library closes it.
void reset(int socket) {
  const linger none{.l_onoff = 1, .l_linger = 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing < 0) return;
  dup2(nothing, socket);
  close(nothing);
}

StubRequest request_of(const httplib::Request& request) {
  StubRequest stub{.method = request.method, .path = request.target, .query = {}, .headers = {}, .body = request.body};
  if (const auto mark = stub.path.find('?'); mark != std::string::npos) {
    stub.query = stub.path.substr(mark + 1);
    stub.path.resize(mark);
  }
  for (const auto& [name, value] : request.headers) {
    // The library adds these four to what was sent.
    if (name != "REMOTE_ADDR" && name != "REMOTE_PORT" && name != "LOCAL_ADDR" && name != "LOCAL_PORT") stub.headers.push_back({.name = name, .value = value});
  }
  return stub;
}

}  // namespace

struct StubServer::Server {
  explicit Server(Answer how) : answer(std::move(how)) {
    const httplib::Server::Handler handler = [this](const httplib::Request& request, httplib::Response& response) { handle(request, response); };
    for (const auto route : {&httplib::Server::Get, &httplib::Server::Delete, &httplib::Server::Options}) (http.*route)(".*", handler);
    http.Post(".*", handler).Put(".*", handler).Patch(".*", handler);
    http.set_keep_alive_max_count(1);
    http.set_tcp_nodelay(true);
    http.set_socket_options([this](int socket) { listener = socket; });
    http.new_task_queue = [this] {
      // The library calls this when it begins to listen; before that it cannot be stopped.
      listening.set_value();
      return new httplib::ThreadPool(kThreads);
    };
  }

  ~Server() {
    stopping.request_stop();
    http.stop();
    if (thread.joinable()) thread.join();
  }

  bool start() {
    port = http.bind_to_any_port("127.0.0.1");
    if (port <= 0) return false;
    ::listen(listener, SOMAXCONN);  // the library's five waiting connections are too few for a client that opens 32 at once
    thread = std::thread([this] { http.listen_after_bind(); });
    listening.get_future().wait();
    return true;
  }

  void handle(const httplib::Request& request, httplib::Response& response) {
    StubReply reply;
    {
      const std::lock_guard lock(mutex);
      reply = answer(request_of(request));
    }
    if (reply.delay.count() > 0 && reply.fault != StubReply::Fault::trickle) wait(reply.delay);
    response.status = reply.status;
    for (const Header& header : reply.headers) response.set_header(header.name, header.value);
    if (reply.fault == StubReply::Fault::reset) {
      reset(socket_between(port, request.remote_port));
    } else if (reply.fault == StubReply::Fault::cut) {
      response.set_content_provider(reply.body.size(), "application/json", [body = reply.body](std::size_t, std::size_t, httplib::DataSink& sink) {
        sink.write(body.data(), body.size() / 2);
        return false;
      });
    } else if (reply.fault == StubReply::Fault::trickle) {
      response.set_content_provider(reply.body.size(), "application/json", [this, reply](std::size_t at, std::size_t, httplib::DataSink& sink) {
        wait(reply.delay);
        return sink.write(reply.body.data() + at, 1) && !stopping.stop_requested();
      });
    } else {
      const bool whole = reply.fault != StubReply::Fault::short_length;
      response.set_content(reply.body.substr(0, whole ? reply.body.size() : reply.body.size() / 2), "application/json");
    }
  }

  void wait(std::chrono::milliseconds delay) {
    std::mutex unshared;
    std::unique_lock lock(unshared);
    std::condition_variable_any().wait_for(lock, stopping.get_token(), delay, [] { return false; });
  }

  Answer answer;
  httplib::Server http;
  std::mutex mutex;
  std::promise<void> listening;
  std::stop_source stopping;
  std::thread thread;
  int listener = -1;
  int port = 0;
};

Result<std::unique_ptr<StubServer>> StubServer::start(Answer answer) {
  auto server = std::make_unique<Server>(std::move(answer));
  if (!server->start()) return fail(Treatment::retry, ErrorCode::unavailable, "no loopback port is free for the stub of the HTTP services");
  return std::unique_ptr<StubServer>(new StubServer(std::move(server)));
}

StubServer::StubServer(std::unique_ptr<Server> server) : server_(std::move(server)) {}
StubServer::~StubServer() = default;

int StubServer::port() const { return server_->port; }

}  // namespace lernd
