// What shows without a broker: settings, a broker that is not there.
#include "adapters/kafka/kafka_log.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace lernd {
namespace {

using namespace std::chrono_literals;

/// A port that nothing listens on: reserved for the multiplexer of old, and refused on loopback.
constexpr auto kNobody = "127.0.0.1:1";

KafkaOptions options() { return {.brokers = kNobody, .transactional_id = "id", .request_timeout = 1s}; }

void expect_invalid(const KafkaOptions& options, const std::string& named) {
  const auto log = make_kafka_event_log(options, "topic", "group");
  const auto admin = make_kafka_topic_admin(options);
  ASSERT_FALSE(log);
  ASSERT_FALSE(admin);
  for (const auto& error : {log.error(), admin.error()}) {
    EXPECT_EQ(error.treatment, Treatment::fatal);
    EXPECT_EQ(error.code, ErrorCode::invalid_option);
    EXPECT_TRUE(error.text.contains(named)) << error.text;
  }
}

TEST(KafkaClient, ASettingThatDoesNotExistIsNamed) {
  auto how = options();
  how.client = {{"security.protocl", "ssl"}};
  expect_invalid(how, "lernd.kafka.client.security.protocl");
}

TEST(KafkaClient, AValueThatIsNotTakenIsNamed) {
  auto how = options();
  how.client = {{"security.protocol", "carrier pigeon"}};
  expect_invalid(how, "lernd.kafka.client.security.protocol");
}

TEST(KafkaClient, ASecretDoesNotShowInTheErrorAboutIt) {
  auto how = options();
  how.client = {{"security.protocol", "ssl"}, {"ssl.key.pem", "hunter2"}};
  const auto admin = make_kafka_topic_admin(how);
  ASSERT_FALSE(admin);
  EXPECT_EQ(admin.error().code, ErrorCode::invalid_option);
  EXPECT_FALSE(admin.error().text.contains("hunter2")) << admin.error().text;
}

TEST(KafkaClient, AFileThatIsNotThereIsNamed) {
  auto how = options();
  how.client = {{"security.protocol", "ssl"}, {"ssl.ca.location", "/nowhere/ca.pem"}};
  expect_invalid(how, "ssl.ca.location");
}

TEST(KafkaClient, AnAbsentBrokerMayPassAndIsNamed) {
  const auto log = make_kafka_event_log(options(), "topic", "group");
  const auto admin = make_kafka_topic_admin(options());
  ASSERT_TRUE(log && admin);
  const auto begun = std::chrono::steady_clock::now();
  auto polled = (*log)->poll({});
  while (polled && std::chrono::steady_clock::now() - begun < 20s) polled = (*log)->poll({});
  const std::vector<std::string> topics = {"topic"};
  const std::vector<OutputRecord> records = {{"topic", {}, "value", {}}};
  const auto progress = (*log)->progress();
  const auto committed = (*log)->commit(records, {});
  const auto described = (*admin)->describe(topics);
  const auto produced = (*admin)->produce(records, -1);
  ASSERT_FALSE(polled || progress || committed || described || produced);
  for (const auto& error : {polled.error(), progress.error(), committed.error(), described.error(), produced.error()}) {
    EXPECT_EQ(error.treatment, Treatment::retry) << error.text;
    EXPECT_TRUE(error.code == ErrorCode::unavailable || error.code == ErrorCode::timed_out) << error.text;
    EXPECT_TRUE(error.text.contains("kafka.broker-servers")) << error.text;
  }
  (*log)->close();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 30s);
}

TEST(KafkaClient, LinesOfTheLibraryReachTheOperator) {
  std::mutex lock;
  std::vector<std::string> lines;
  auto how = options();
  how.client = {{"session.timeout.ms", "6000"}};  // of no use to a producer, which is not worth a line
  how.on_log = [&](std::string_view level, std::string_view text) {
    const std::lock_guard guard(lock);
    lines.push_back(std::string(level) + " " + std::string(text));
  };
  {
    const auto log = make_kafka_event_log(how, "topic", "group");
    ASSERT_TRUE(log);
    const auto begun = std::chrono::steady_clock::now();
    const auto heard = [&] {
      const std::lock_guard guard(lock);
      return std::ranges::any_of(lines, [](const auto& line) { return line.starts_with("error ") && line.contains(kNobody); });
    };
    while (!heard() && std::chrono::steady_clock::now() - begun < 20s) (void)(*log)->poll({.wait = 50ms});
    EXPECT_TRUE(heard());
  }
  for (const auto& line : lines) EXPECT_FALSE(line.contains("ignored")) << line;
}

}  // namespace
}  // namespace lernd
