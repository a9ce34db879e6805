#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "core/error.h"

namespace lernd {

/// What the admin server shows. The functions are called from its threads, several at once, for as long as it lives.
struct AdminPages {
  std::function<std::string()> metrics;                 ///< text format of Prometheus
  std::function<std::pair<bool, std::string>()> live;   ///< whether everything still moves, and a line that says what does not
  std::function<std::pair<bool, std::string>()> ready;  ///< whether work is possible, and a line that says why or why not
  std::function<std::string()> jobs_json;               ///< as jobs_json() of jobs_page.h writes it
};

/// The HTTP server for operators and monitoring; read-only and without authentication, so it belongs on the loopback address or a closed network.
///
/// | path | answer |
/// |---|---|
/// | `/metrics` | metrics |
/// | `/health/live` | 200, or 503 when a restart is needed, with the reason as text |
/// | `/health/ready` | 200 or 503, with the reason as text |
/// | `/jobs` | JSON |
/// | `/` | a page for people, made from the same JSON |
///
/// Anything else is 404. Each answer ends its connection, so that stopping waits for nobody. The destructor stops it.
///
/// Errors  `fatal`/`invalid_option` when host and port cannot be had.
class AdminServer {
 public:
  /// Port 0 takes a free one.
  static Result<std::unique_ptr<AdminServer>> start(const std::string& host, int port, AdminPages pages);
  ~AdminServer();
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  int port() const;

 private:
  struct Server;
  explicit AdminServer(std::unique_ptr<Server> server);
  std::unique_ptr<Server> server_;
};

}  // namespace lernd
