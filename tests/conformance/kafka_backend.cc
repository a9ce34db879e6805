// Event logs on the Kafka broker of tools/services.
#include "adapters/kafka/kafka_log.h"
#include "conformance/event_log_suite.h"
#include "support/services.h"

namespace lernd {
namespace {

class KafkaLogs final : public EventLogBackend {
 public:
  std::unique_ptr<EventLog> join(const std::string& topic, const std::string& group, Reset reset) override {
    auto log = make_kafka_event_log(options(reset == Reset::earliest ? "earliest" : "latest"), topic, group);
    EXPECT_TRUE(ok(log));
    return log ? std::move(*log) : nullptr;
  }
  std::unique_ptr<TopicAdmin> admin() override {
    auto admin = make_kafka_topic_admin(options(""));
    EXPECT_TRUE(ok(admin));
    return admin ? std::move(*admin) : nullptr;
  }
  void restart() override { services_.restart("kafka"); }

 private:
  KafkaOptions options(const std::string& reset) const {
    return {.brokers = services_.kafka(), .auto_offset_reset = reset, .transactional_id = unique_name("producer")};
  }

  const Servers services_ = Servers::from_environment();
};

INSTANTIATE_TEST_SUITE_P(Kafka, EventLogSuite, testing::Values(EventLogFactory{"kafka", [] { return std::make_unique<KafkaLogs>(); }}), BackendName());

}  // namespace
}  // namespace lernd
