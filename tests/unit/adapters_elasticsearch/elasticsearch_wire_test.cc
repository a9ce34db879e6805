// The adapter with the real HTTP client: what goes over the wire, and what a server does that has its own ideas.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "adapters/elasticsearch/elasticsearch_index.h"
#include "adapters/http/curl_client.h"
#include "support/scripted_server.h"
#include "support/tls_server.h"

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

class ElasticsearchTls : public testing::Test {
 protected:
  Result<void> ping(HttpOptions http, bool tls = true) const {
    auto options = options_for({server_.port()});
    options.tls = tls;
    http.ca_option = "lernd.es.ca_file";
    return make_elasticsearch_index(options, make_curl_client(std::move(http)))->ping();
  }

  TlsServer server_{kGreeting};
};

TEST_F(ElasticsearchTls, TheCertificateOfTheFileIsTrusted) {
  const auto answer = ping({.ca_file = server_.certificate()});
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
