// The HTTP client, calling a stub server.
#include <fmt/format.h>

#include <mutex>

#include "adapters/http/curl_client.h"
#include "adapters/http/stub_server.h"
#include "conformance/http_client_suite.h"

namespace lernd {
namespace {

/// More than any answer here takes; what a test of a time-out waits.
constexpr std::chrono::seconds kTimeout{3};

class CurlClients final : public HttpClientBackend {
 public:
  CurlClients() {
    auto server = StubServer::start([this](const StubRequest& request) { return answer(request); });
    EXPECT_TRUE(ok(server));
    server_ = std::move(*server);
  }

  std::unique_ptr<HttpClient> open() override { return make_curl_client({.total_timeout = kTimeout}); }
  std::string base_url() override { return fmt::format("http://127.0.0.1:{}", server_->port()); }

  void serve(const std::vector<HttpStub>& stubs) override {
    const std::lock_guard lock(mutex_);
    stubs_ = stubs;
  }

  std::vector<HttpCall> calls() override {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

 private:
  StubReply answer(const StubRequest& request) {
    const std::lock_guard lock(mutex_);
    calls_.push_back({.method = request.method, .path = plain_path(request.path), .query = request.query, .body = request.body, .headers = request.headers});
    const auto taken = take_stub(stubs_, calls_.back());
    if (!taken) return {.status = 404};
    const HttpStub& stub = stubs_[*taken];
    switch (stub.fault) {
      case HttpStub::Fault::none:
        return {.status = stub.status, .body = stub.body};
      case HttpStub::Fault::refused:  // a server that listens cannot refuse; for the client both mean that nothing came back
      case HttpStub::Fault::reset:
        return {.fault = StubReply::Fault::reset};
      case HttpStub::Fault::timeout:
        return {.delay = 2 * kTimeout};
    }
    return {.status = 404};
  }

  std::mutex mutex_;
  std::vector<HttpStub> stubs_;
  std::vector<HttpCall> calls_;
  std::unique_ptr<StubServer> server_;
};

INSTANTIATE_TEST_SUITE_P(Http, HttpClientSuite, testing::Values(HttpClientFactory{"curl", [] { return std::make_unique<CurlClients>(); }}), BackendName());

}  // namespace
}  // namespace lernd
