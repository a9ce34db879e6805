#include "adapters/observe/admin_server.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <atomic>

namespace lernd {
namespace {

class AdminServerTest : public testing::Test {
 protected:
  AdminServerTest() {
    auto server = AdminServer::start("127.0.0.1", 0,
                                     {.metrics = [] { return "up 1\n"; },
                                      .live = [this] { return std::pair<bool, std::string>(live_, live_ ? "live" : "a worker stands still"); },
                                      .ready = [this] { return std::pair<bool, std::string>(ready_, ready_ ? "ready" : "cassandra is away"); },
                                      .jobs_json = [] { return R"([{"job":"enrolment-reconciliation","state":"running"}])"; }});
    if (!server) throw std::runtime_error(server.error().text);
    server_ = std::move(*server);
  }

  httplib::Result get(const std::string& path) const { return httplib::Client("127.0.0.1", server_->port()).Get(path); }

  std::atomic<bool> live_ = true;
  std::atomic<bool> ready_ = true;
  std::unique_ptr<AdminServer> server_;
};

TEST_F(AdminServerTest, Metrics) {
  const auto answer = get("/metrics");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "up 1\n");
  EXPECT_TRUE(answer->get_header_value("Content-Type").starts_with("text/plain; version=0.0.4"));
}

TEST_F(AdminServerTest, LiveSaysWhyNot) {
  EXPECT_EQ(get("/health/live")->status, 200);
  live_ = false;
  const auto answer = get("/health/live");
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->body, "a worker stands still\n");
}

TEST_F(AdminServerTest, ReadySaysWhyNot) {
  EXPECT_EQ(get("/health/ready")->status, 200);
  ready_ = false;
  const auto answer = get("/health/ready");
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->body, "cassandra is away\n");
  EXPECT_EQ(get("/health/live")->status, 200);
}

TEST_F(AdminServerTest, JobsAsJsonAndAsAPage) {
  EXPECT_EQ(get("/jobs")->get_header_value("Content-Type"), "application/json");
  EXPECT_EQ(get("/jobs")->body, R"([{"job":"enrolment-reconciliation","state":"running"}])");
  const auto page = get("/");
  EXPECT_TRUE(page->get_header_value("Content-Type").starts_with("text/html"));
  EXPECT_TRUE(page->get_header_value("Content-Security-Policy").starts_with("default-src 'none'"));
  EXPECT_TRUE(page->body.contains("<h2>enrolment-reconciliation</h2>"));
}

TEST_F(AdminServerTest, EverythingElseIsNotFound) {
  EXPECT_EQ(get("/favicon.ico")->status, 404);
  EXPECT_EQ(get("/metrics/")->status, 404);
  EXPECT_EQ(get("/../etc/passwd")->status, 404);
  EXPECT_EQ(httplib::Client("127.0.0.1", server_->port()).Post("/metrics")->status, 404);
}

TEST_F(AdminServerTest, BusyPortNamesTheOption) {
  const auto second = AdminServer::start("127.0.0.1", server_->port(), {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().treatment, Treatment::fatal);
  EXPECT_EQ(second.error().code, ErrorCode::invalid_option);
  EXPECT_TRUE(second.error().text.contains("`--http`")) << second.error().text;
  EXPECT_TRUE(second.error().text.contains("in use")) << second.error().text;
}

TEST_F(AdminServerTest, PortIsFreeAgainAfterwards) {
  const int port = server_->port();
  get("/health/live");
  server_.reset();
  EXPECT_TRUE(AdminServer::start("127.0.0.1", port, {}));
}

TEST(AdminServer, AddressThatIsNotOursNamesTheOption) {
  const auto server = AdminServer::start("192.0.2.1", 0, {});
  ASSERT_FALSE(server);
  EXPECT_TRUE(server.error().text.contains("`--http`")) << server.error().text;
}

}  // namespace
}  // namespace lernd
