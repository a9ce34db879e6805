#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/record.h"

namespace lernd {

/// A request as it came: path and query are not decoded, the query has no question mark.
struct StubRequest {
  std::string method;
  std::string path;
  std::string query;
  std::vector<Header> headers;
  std::string body;
};

struct StubReply {
  enum class Fault {
    none,
    reset,         ///< the connection is reset, nothing is sent
    cut,           ///< status, headers and half of the body are sent, then the connection ends
    short_length,  ///< the length that is told, and what is sent, is half of the body
    trickle,       ///< the body comes byte by byte, `delay` before each
  };
  int status = 200;
  std::string body;
  std::chrono::milliseconds delay{0};  ///< before the reply or its fault, unless that says otherwise
  Fault fault = Fault::none;
  std::vector<Header> headers = {};
};

/// An HTTP server on a free loopback port that answers with what a function says: the stand-in for the services of a job in tests and in `lernd test`.
///
/// The function is called for one request at a time, from threads of the server; up to 64 requests are under way at once. Replies are `application/json` and
/// end their connection, so that no client repeats a request by itself because a kept connection failed. Bodies of GET requests are not read. The destructor
/// ends replies that are still delayed.
///
/// Errors  `retry`/`unavailable` when no port can be had.
class StubServer {
 public:
  using Answer = std::function<StubReply(const StubRequest&)>;
  static Result<std::unique_ptr<StubServer>> start(Answer answer);
  ~StubServer();
  StubServer(const StubServer&) = delete;
  StubServer& operator=(const StubServer&) = delete;

  int port() const;

 private:
  struct Server;
  explicit StubServer(std::unique_ptr<Server> server);
  std::unique_ptr<Server> server_;
};

}  // namespace lernd
