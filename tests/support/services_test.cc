#include "support/services.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace lernd {
namespace {

bool listens(std::uint16_t port) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool connected = connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(connection);
  return connected;
}

TEST(Servers, AllListen) {
  const Servers services = Servers::from_environment();
  const std::string kafka = services.kafka();
  EXPECT_TRUE(listens(static_cast<std::uint16_t>(std::stoi(kafka.substr(kafka.find(':') + 1)))));
  EXPECT_TRUE(listens(services.cassandra().port));
  EXPECT_TRUE(listens(services.redis().port));
}

TEST(Servers, AnUnknownServerIsRefused) {
  const Servers services = Servers::from_environment();
  EXPECT_THROW((void)services.pid("nothing"), std::runtime_error);
}

TEST(Servers, AnOutageEndsWithItsScope) {
  const Servers services = Servers::from_environment();
  const pid_t before = services.pid("redis");
  {
    const Outage outage = services.outage("redis");
    EXPECT_FALSE(listens(services.redis().port));
    EXPECT_THROW((void)services.pid("redis"), std::runtime_error);
  }
  EXPECT_TRUE(listens(services.redis().port));
  EXPECT_NE(services.pid("redis"), before);
}

TEST(Servers, AKilledServerStartsOnTheSamePort) {
  const Servers services = Servers::from_environment();
  services.kill("redis");
  EXPECT_FALSE(listens(services.redis().port));
  services.start("redis");
  EXPECT_TRUE(listens(services.redis().port));
}

TEST(ServicesVariable, MissingIsSaidWithTheRemedy) {
  unsetenv("LERND_SERVICES");
  try {
    Servers::from_environment();
    FAIL() << "no error";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("scripts/test services"), std::string::npos);
  }
}

}  // namespace
}  // namespace lernd
