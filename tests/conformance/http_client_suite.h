#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/embedded/http_stub.h"
#include "conformance/conformance.h"
#include "ports/http_client.h"

namespace lernd {

/// A client under test, and the service it calls.
class HttpClientBackend {
 public:
  virtual ~HttpClientBackend() = default;
  virtual std::unique_ptr<HttpClient> open() = 0;
  /// Scheme, host and port of the service, without a slash at the end.
  virtual std::string base_url() = 0;
  /// What the service answers from now on.
  virtual void serve(const std::vector<HttpStub>& stubs) = 0;
  /// The calls that reached the service, in order. A header name may be in any case.
  virtual std::vector<HttpCall> calls() = 0;
};

struct HttpClientFactory {
  std::string name;
  std::function<std::unique_ptr<HttpClientBackend>()> make;
};

inline std::ostream& operator<<(std::ostream& out, const HttpClientFactory& factory) { return out << factory.name; }

/// What an HttpClient has to do, whatever is behind it. A backend joins with
/// `INSTANTIATE_TEST_SUITE_P(<Backend>, HttpClientSuite, testing::Values(HttpClientFactory{"<name>", make}), BackendName())`.
class HttpClientSuite : public testing::TestWithParam<HttpClientFactory> {
 protected:
  void SetUp() override;

  HttpQuery query(const std::string& method, const std::string& path_and_query, const std::string& body = "", std::vector<Header> headers = {}) const;
  Result<HttpAnswer> call(const HttpQuery& query);

  std::unique_ptr<HttpClientBackend> backend_;
  std::unique_ptr<HttpClient> client_;
};

}  // namespace lernd
