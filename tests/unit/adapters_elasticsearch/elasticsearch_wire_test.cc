// The adapter with the real HTTP client: what goes over the wire, and what a server does that has its own ideas.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <filesystem>
#include <future>
#include <thread>

#include "adapters/elasticsearch/elasticsearch_index.h"
#include "adapters/http/curl_client.h"
#include "support/process.h"
#include "support/scripted_server.h"

namespace lernd {
namespace {

std::string http(int status, const std::string& body) {
  return fmt::format("HTTP/1.1 {} Status\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}", status, body.size(), body);
}

ElasticsearchOptions options_for(std::initializer_list<int> ports) {
  ElasticsearchOptions options{.servers = {}};
  for (const int port : ports) options.servers.push_back(fmt::format("127.0.0.1:{}", port));
  return options;
}

constexpr const char* kGreeting = R"({"version":{"number":"7.17.24"}})";

TEST(ElasticsearchWire, AWrongPasswordIsFatalAndNeverShown) {
  std::string received;
  ScriptedServer server({[&](ScriptedPeer& peer) {
    received = peer.receive_until("\r\n\r\n");
    peer.send(http(401, R"({"error":{"type":"security_exception","reason":"unable to authenticate user [lms] with marked-password"},"status":401})"));
  }});
  auto options = options_for({server.port()});
  options.user = "lms";
  options.password = "marked-password";
  const auto answer = make_elasticsearch_index(options, make_curl_client({}))->ping();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().treatment, Treatment::fatal);
  EXPECT_EQ(answer.error().code, ErrorCode::unauthorized);
  EXPECT_TRUE(answer.error().text.contains("`lernd.es.password`")) << answer.error().text;
  EXPECT_FALSE(answer.error().text.contains("marked")) << answer.error().text;
  EXPECT_TRUE(received.contains("\r\nAuthorization: Basic bG1zOm1hcmtlZC1wYXNzd29yZA==\r\n")) << received;
}

TEST(ElasticsearchWire, TheApiKeyIsSentWithEveryRequest) {
  std::vector<std::string> received(2);
  const auto keep = [&](std::size_t which, const std::string& body) {
    return [&, which, body](ScriptedPeer& peer) {
      received[which] = peer.receive_until("\r\n\r\n");
      peer.send(http(200, body));
    };
  };
  ScriptedServer server({keep(0, kGreeting), keep(1, "")});
  auto options = options_for({server.port()});
  options.api_key = "id:key";
  const auto index = make_elasticsearch_index(options, make_curl_client({}));
  EXPECT_TRUE(index->ping());
  EXPECT_EQ(index->exists("course-batch"), true);
  EXPECT_TRUE(received[0].starts_with("GET / HTTP/1.1\r\n")) << received[0];
  EXPECT_TRUE(received[1].starts_with("HEAD /course-batch HTTP/1.1\r\n")) << received[1];
  for (const auto& request : received) EXPECT_TRUE(request.contains("\r\nAuthorization: ApiKey aWQ6a2V5\r\n")) << request;
}

TEST(ElasticsearchWire, AConnectionThatBreaksIsTriedAtTheNextServer) {
  ScriptedServer first({[](ScriptedPeer& peer) {
    peer.receive_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"version\"");
  }});
  ScriptedServer second({[](ScriptedPeer& peer) {
    peer.receive_until("\r\n\r\n");
    peer.send(http(200, kGreeting));
  }});
  EXPECT_TRUE(make_elasticsearch_index(options_for({1, first.port(), second.port()}), make_curl_client({}))->ping());
}

TEST(ElasticsearchWire, WhatIsNoHttpIsRetried) {
  ScriptedServer server({[](ScriptedPeer& peer) {
    peer.receive_until("\r\n\r\n");
    peer.send("marked garbage\r\n");
  }});
  const auto answer = make_elasticsearch_index(options_for({server.port()}), make_curl_client({}))->ping();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().treatment, Treatment::retry);
  EXPECT_FALSE(answer.error().text.contains("marked")) << answer.error().text;
}

/// A server with a certificate that only its own file vouches for.
class ElasticsearchTls : public testing::Test {
 protected:
  ElasticsearchTls() {
    const Finished made = run({.words = {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
                                         "/CN=stub", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key(), "-out", certificate()}});
    if (made.code != 0) throw std::runtime_error("openssl made no certificate: " + made.err);
    server_ = std::make_unique<httplib::SSLServer>(certificate().c_str(), key().c_str());
    server_->Get("/", [](const httplib::Request&, httplib::Response& response) { response.set_content(kGreeting, "application/json"); });
    server_->set_keep_alive_max_count(1);
    server_->new_task_queue = [this] {
      listening_.set_value();
      return new httplib::ThreadPool(2);
    };
    port_ = server_->bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_->listen_after_bind(); });
    listening_.get_future().wait();
  }

  ~ElasticsearchTls() override {
    server_->stop();
    thread_.join();
    std::filesystem::remove(key());
    std::filesystem::remove(certificate());
  }

  static std::string key() { return fmt::format("{}elasticsearch_tls_{}.key", testing::TempDir(), getpid()); }
  static std::string certificate() { return fmt::format("{}elasticsearch_tls_{}.crt", testing::TempDir(), getpid()); }

  Result<void> ping(HttpOptions http, bool tls = true) const {
    auto options = options_for({port_});
    options.tls = tls;
    http.ca_option = "lernd.es.ca_file";
    return make_elasticsearch_index(options, make_curl_client(std::move(http)))->ping();
  }

 private:
  std::unique_ptr<httplib::SSLServer> server_;
  std::promise<void> listening_;
  std::thread thread_;
  int port_ = 0;
};

TEST_F(ElasticsearchTls, TheCertificateOfTheFileIsTrusted) {
  const auto answer = ping({.ca_file = certificate()});
  EXPECT_TRUE(answer) << answer.error().text;
}

TEST_F(ElasticsearchTls, AnotherCertificateNamesTheOption) {
  const auto answer = ping({});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().treatment, Treatment::fatal);
  EXPECT_TRUE(answer.error().text.contains("`lernd.es.ca_file`")) << answer.error().text;
}

TEST_F(ElasticsearchTls, WithoutTlsThereIsNoAnswer) {
  const auto answer = ping({}, false);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().treatment, Treatment::retry);
}

}  // namespace
}  // namespace lernd
