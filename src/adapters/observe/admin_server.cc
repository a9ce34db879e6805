#include "adapters/observe/admin_server.h"

#include <fmt/format.h>
#include <httplib.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <future>
#include <thread>

#include "adapters/observe/jobs_page.h"

namespace lernd {
namespace {

constexpr std::size_t kThreads = 4;
constexpr std::size_t kRequestBytesMax = 64u << 10;

/// The page brings its own style and script and talks to nobody but this server.
constexpr const char* kPagePolicy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors "
    "'none'";

}  // namespace

struct AdminServer::Server {
  explicit Server(AdminPages shown) : pages(std::move(shown)) {
    using httplib::Request;
    using httplib::Response;
    http.Get("/metrics", [this](const Request&, Response& response) { response.set_content(pages.metrics(), "text/plain; version=0.0.4; charset=utf-8"); });
    const auto health = [](const std::pair<bool, std::string>& state, Response& response) {
      response.status = state.first ? 200 : 503;
      response.set_content(state.second + "\n", "text/plain; charset=utf-8");
    };
    http.Get("/health/live", [this, health](const Request&, Response& response) { health(pages.live(), response); });
    http.Get("/health/ready", [this, health](const Request&, Response& response) { health(pages.ready(), response); });
    http.Get("/jobs", [this](const Request&, Response& response) { response.set_content(pages.jobs_json(), "application/json"); });
    http.Get("/", [this](const Request&, Response& response) {
      response.set_header("Content-Security-Policy", kPagePolicy);
      response.set_content(jobs_page(pages.jobs_json()), "text/html; charset=utf-8");
    });
    http.set_error_handler([](const Request&, Response& response) {
      if (response.body.empty()) response.set_content(response.status == 404 ? "not found\n" : "refused\n", "text/plain; charset=utf-8");
    });
    http.set_default_headers({{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}});
    http.set_keep_alive_max_count(1);
    http.set_payload_max_length(kRequestBytesMax);
    // The library would share the port with another process that asks for the same, and neither would notice.
    http.set_socket_options([](int socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    http.new_task_queue = [this] {
      // The library calls this when it begins to listen; before that it cannot be stopped.
      listening.set_value();
      return new httplib::ThreadPool(kThreads);
    };
  }

  ~Server() {
    http.stop();
    if (thread.joinable()) thread.join();
  }

  bool start(const std::string& host, int wanted) {
    port = wanted == 0 ? http.bind_to_any_port(host) : (http.bind_to_port(host, wanted) ? wanted : -1);
    if (port <= 0) return false;
    thread = std::thread([this] { http.listen_after_bind(); });
    listening.get_future().wait();
    return true;
  }

  AdminPages pages;
  httplib::Server http;
  std::promise<void> listening;
  std::thread thread;
  int port = 0;
};

Result<std::unique_ptr<AdminServer>> AdminServer::start(const std::string& host, int port, AdminPages pages) {
  auto server = std::make_unique<Server>(std::move(pages));
  errno = 0;
  if (!server->start(host, port)) {
    const int error = errno;
    return fail(Treatment::fatal, ErrorCode::invalid_option,
                fmt::format("cannot listen on {}:{} ({}): give another address with `--http` or `lernd.admin.address`", host, port,
                            error == 0 ? "no such address" : std::strerror(error)));
  }
  return std::unique_ptr<AdminServer>(new AdminServer(std::move(server)));
}

AdminServer::AdminServer(std::unique_ptr<Server> server) : server_(std::move(server)) {}
AdminServer::~AdminServer() = default;

int AdminServer::port() const { return server_->port; }

}  // namespace lernd
