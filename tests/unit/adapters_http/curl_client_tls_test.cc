#include <fmt/format.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <filesystem>
#include <future>
#include <thread>

#include "adapters/http/curl_client.h"
#include "support/process.h"

namespace lernd {
namespace {

/// An https server on a free loopback port with a certificate that only its own file vouches for.
class CurlClientTls : public testing::Test {
 protected:
  CurlClientTls() {
    const Finished made = run({.words = {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
                                         "/CN=stub", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key(), "-out", certificate()}});
    if (made.code != 0) throw std::runtime_error("openssl made no certificate: " + made.err);
    server_ = std::make_unique<httplib::SSLServer>(certificate().c_str(), key().c_str());
    server_->Get("/", [](const httplib::Request&, httplib::Response& response) { response.set_content("secured", "text/plain"); });
    server_->set_keep_alive_max_count(1);
    server_->new_task_queue = [this] {
      listening_.set_value();
      return new httplib::ThreadPool(2);
    };
    port_ = server_->bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_->listen_after_bind(); });
    listening_.get_future().wait();
  }

  ~CurlClientTls() override {
    server_->stop();
    thread_.join();
    std::filesystem::remove(key());
    std::filesystem::remove(certificate());
  }

  std::string key() const { return fmt::format("{}curl_client_tls_{}.key", testing::TempDir(), getpid()); }
  std::string certificate() const { return fmt::format("{}curl_client_tls_{}.crt", testing::TempDir(), getpid()); }

  Result<HttpAnswer> call(const HttpOptions& options) const {
    HttpQuery query;
    query.service = "search";
    query.method = "GET";
    query.url = fmt::format("https://127.0.0.1:{}/", port_);
    return make_curl_client(options)->call(std::span(&query, 1)).front();
  }

 private:
  std::unique_ptr<httplib::SSLServer> server_;
  std::promise<void> listening_;
  std::thread thread_;
  int port_ = 0;
};

TEST_F(CurlClientTls, CertificateThatIsNotTrustedNamesTheOption) {
  const auto answer = call({});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().treatment, Treatment::fatal);
  EXPECT_TRUE(answer.error().text.contains("`lernd.http.ca_file`")) << answer.error().text;
}

TEST_F(CurlClientTls, CertificateOfTheFileIsTrusted) { EXPECT_EQ(call({.ca_file = certificate()}), (HttpAnswer{200, "secured"})); }

TEST_F(CurlClientTls, FileThatIsNotThereIsFatal) {
  const auto answer = call({.ca_file = certificate() + ".missing"});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().treatment, Treatment::fatal);
  EXPECT_TRUE(answer.error().text.contains("cannot be read")) << answer.error().text;
}

TEST_F(CurlClientTls, CheckCanBeSwitchedOff) { EXPECT_TRUE(call({.verify = false})); }

}  // namespace
}  // namespace lernd
