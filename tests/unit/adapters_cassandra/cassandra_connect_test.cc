#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>

#include "adapters/cassandra/cassandra_store.h"

namespace lernd {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// A port on loopback that is taken; with `listening` it accepts connections and never says anything.
class Port {
 public:
  explicit Port(bool listening) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    if (listening) {
      EXPECT_EQ(::listen(socket_, 16), 0);
    }
    socklen_t size = sizeof(address);
    EXPECT_EQ(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    number_ = ntohs(address.sin_port);
  }
  ~Port() { ::close(socket_); }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  int number() const { return number_; }

 private:
  int socket_;
  int number_ = 0;
};

Error error_of_connecting(const CassandraOptions& options) {
  const Result<std::shared_ptr<CassandraSession>> session = connect_cassandra(options);
  EXPECT_FALSE(session);
  return session ? Error{} : session.error();
}

TEST(CassandraConnect, AServerThatIsAwayIsSaidSoAtOnce) {
  const Port closed(false);
  const Clock::time_point start = Clock::now();
  const Error error = error_of_connecting({.hosts = {"127.0.0.1"}, .port = closed.number()});
  EXPECT_LT(Clock::now() - start, 5s);
  EXPECT_EQ(error.treatment, Treatment::retry);
  EXPECT_EQ(error.code, ErrorCode::unavailable);
  EXPECT_NE(error.text.find("127.0.0.1:" + std::to_string(closed.number())), std::string::npos) << error.text;
  EXPECT_NE(error.text.find("lms-cassandra.host"), std::string::npos) << error.text;
}

TEST(CassandraConnect, AServerThatNeverAnswersIsGivenUpInTime) {
  const Port silent(true);
  const Clock::time_point start = Clock::now();
  const Error error = error_of_connecting({.hosts = {"127.0.0.1:" + std::to_string(silent.number())}, .connect_timeout = 300ms, .request_timeout = 200ms});
  EXPECT_LT(Clock::now() - start, 5s);
  EXPECT_EQ(error.treatment, Treatment::retry);
}

TEST(CassandraConnect, AnUnknownNameIsRetried) {
  const Error error = error_of_connecting({.hosts = {"no-such-host.invalid"}});
  EXPECT_EQ(error.treatment, Treatment::retry);
  EXPECT_NE(error.text.find("no-such-host.invalid:9042"), std::string::npos) << error.text;
}

TEST(CassandraConnect, NoContactPointIsAnInvalidOption) {
  for (const std::vector<std::string>& hosts : {std::vector<std::string>{}, {""}}) {
    const Error error = error_of_connecting({.hosts = hosts});
    EXPECT_EQ(error.treatment, Treatment::fatal);
    EXPECT_EQ(error.code, ErrorCode::invalid_option);
  }
}

TEST(CassandraConnect, FilesOfCertificatesMustBeReadable) {
  CassandraOptions options{.hosts = {"127.0.0.1"}, .tls = true};
  options.tls_ca_file = "/nonexistent/ca.pem";
  const Error authority = error_of_connecting(options);
  EXPECT_EQ(authority.code, ErrorCode::invalid_option);
  EXPECT_NE(authority.text.find("lernd.cassandra.tls_ca_file"), std::string::npos) << authority.text;
  options.tls_ca_file.clear();
  options.tls_cert_file = "/nonexistent/cert.pem";
  options.tls_key_file = "/nonexistent/key.pem";
  const Error certificate = error_of_connecting(options);
  EXPECT_EQ(certificate.code, ErrorCode::invalid_option);
  EXPECT_NE(certificate.text.find("lernd.cassandra.tls_cert_file"), std::string::npos) << certificate.text;
}

TEST(CassandraConnect, ACertificateNeedsItsKey) {
  const Error error = error_of_connecting({.hosts = {"127.0.0.1"}, .tls = true, .tls_cert_file = "cert.pem"});
  EXPECT_EQ(error.code, ErrorCode::invalid_option);
  EXPECT_NE(error.text.find("lernd.cassandra.tls_key_file"), std::string::npos) << error.text;
}

}  // namespace
}  // namespace lernd
