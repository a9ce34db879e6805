#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "ports/http_client.h"

namespace lernd {

struct HttpOptions {
  std::chrono::milliseconds connect_timeout{3000};
  std::chrono::milliseconds total_timeout{10000};  ///< for a whole call, from its start to the last byte of its answer
  int in_flight_max = 32;                          ///< to one service
  std::size_t answer_bytes_max = 8u << 20;
  std::string ca_file;  ///< PEM file with the certificates to trust; empty: those of the system
  bool verify = true;   ///< checks certificate and host name of https services
  std::string user_agent;
  std::vector<std::string> keep_headers;         ///< names, in lower case, of the headers that answers keep
  bool proxy_from_environment = false;           ///< uses http_proxy, https_proxy, no_proxy
  std::string ca_option = "lernd.http.ca_file";  ///< what `ca_file` is called in messages
};

/// An HTTP/1.1 client for http and https services. The calls of a span run at once, at most `in_flight_max` of them to one service, so that a slow
/// service holds up none of the others; connections are kept for the next span.
///
/// A URL goes out as it was given: nothing is decoded, encoded or resolved in its path. It must have a scheme; the caller adds `http://` where an option may
/// leave it out. Redirects are answers. Proxy settings of the environment are used only when asked for. A connection the server closed while it was idle is
/// replaced unnoticed.
///
/// Threads     as the port says; the object holds no thread. The program ignores SIGPIPE, which the TLS library can raise.
/// Errors      as the port says; besides, a certificate that is not trusted is `fatal`/`invalid_option` and names `ca_option`, and something that is
///             no HTTP answer is `retry`/`bad_answer`. Texts hold service and host, never path, query, headers or body.
std::unique_ptr<HttpClient> make_curl_client(HttpOptions options);

}  // namespace lernd
