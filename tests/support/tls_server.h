#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <unistd.h>

#include <filesystem>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "support/process.h"

namespace lernd {

/// An https server on a free loopback port that answers `GET /` with one text, and has a certificate that only its own file vouches for.
class TlsServer {
 public:
  explicit TlsServer(std::string text) {
    const Finished made = run({.words = {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
                                         "/CN=stub", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key(), "-out", certificate()}});
    if (made.code != 0) throw std::runtime_error("openssl made no certificate: " + made.err);
    server_ = std::make_unique<httplib::SSLServer>(certificate().c_str(), key().c_str());
    server_->Get("/", [text](const httplib::Request&, httplib::Response& response) { response.set_content(text, "text/plain"); });
    server_->set_keep_alive_max_count(1);
    server_->new_task_queue = [this] {
      listening_.set_value();
      return new httplib::ThreadPool(2);
    };
    port_ = server_->bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_->listen_after_bind(); });
    listening_.get_future().wait();
  }

  ~TlsServer() {
    server_->stop();
    thread_.join();
    std::filesystem::remove(key());
    std::filesystem::remove(certificate());
  }

  int port() const { return port_; }
  std::string certificate() const { return fmt::format("{}tls_server_{}.crt", testing::TempDir(), getpid()); }

 private:
  std::string key() const { return fmt::format("{}tls_server_{}.key", testing::TempDir(), getpid()); }

  std::unique_ptr<httplib::SSLServer> server_;
  std::promise<void> listening_;
  std::thread thread_;
  int port_ = 0;
};

}  // namespace lernd
