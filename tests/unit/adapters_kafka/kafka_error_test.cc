#include "adapters/kafka/kafka_error.h"

#include <gtest/gtest.h>

#include <array>

namespace lernd {
namespace {

struct Case {
  rd_kafka_resp_err_t code;
  Treatment treatment;
  ErrorCode meaning;
  std::string_view named;
};

constexpr std::array kCases = {
    Case{RD_KAFKA_RESP_ERR__AUTHENTICATION, Treatment::fatal, ErrorCode::unauthorized, "lernd.kafka.client.sasl"},
    Case{RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, Treatment::fatal, ErrorCode::unauthorized, "lernd.kafka.client.sasl"},
    Case{RD_KAFKA_RESP_ERR__SSL, Treatment::fatal, ErrorCode::unauthorized, "lernd.kafka.client.ssl"},
    Case{RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, Treatment::fatal, ErrorCode::unauthorized, "right"},
    Case{RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, Treatment::fatal, ErrorCode::unauthorized, "right"},
    Case{RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, Treatment::fatal, ErrorCode::unauthorized, "right"},
    Case{RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, Treatment::fatal, ErrorCode::not_found, "create the topic"},
    Case{RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, Treatment::fatal, ErrorCode::not_found, "create the topic"},
    Case{RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, Treatment::reject, ErrorCode::oversized_record, "max.message.bytes"},
    Case{RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL, Treatment::fatal, ErrorCode::invalid_option, "group"},
    Case{RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT, Treatment::fatal, ErrorCode::invalid_option, "lernd.kafka.transaction_timeout_ms"},
    Case{RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION, Treatment::fatal, ErrorCode::invalid_option, "lernd.delivery"},
    Case{RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, Treatment::retry, ErrorCode::fenced, "group"},
    Case{RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, Treatment::retry, ErrorCode::fenced, "group"},
    Case{RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, Treatment::retry, ErrorCode::fenced, "group"},
    Case{RD_KAFKA_RESP_ERR_PRODUCER_FENCED, Treatment::retry, ErrorCode::fenced, "transactional id"},
    Case{RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, Treatment::retry, ErrorCode::fenced, "transactional id"},
    Case{RD_KAFKA_RESP_ERR__TIMED_OUT, Treatment::retry, ErrorCode::timed_out, "kafka.broker-servers"},
    Case{RD_KAFKA_RESP_ERR__TRANSPORT, Treatment::retry, ErrorCode::unavailable, "kafka.broker-servers"},
    Case{RD_KAFKA_RESP_ERR__RESOLVE, Treatment::retry, ErrorCode::unavailable, "kafka.broker-servers"},
    Case{RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, Treatment::retry, ErrorCode::unavailable, "kafka.broker-servers"},
    Case{RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, Treatment::retry, ErrorCode::unavailable, "kafka.broker-servers"},
    Case{RD_KAFKA_RESP_ERR_UNKNOWN, Treatment::retry, ErrorCode::unavailable, "kafka.broker-servers"},
    Case{RD_KAFKA_RESP_ERR_INVALID_MSG, Treatment::retry, ErrorCode::corrupt, "read"},
};

TEST(KafkaError, EveryCodeHasItsTreatmentAndRemedy) {
  for (const auto& each : kCases) {
    const auto error = kafka_error(each.code, "doing this");
    EXPECT_EQ(error.treatment, each.treatment) << rd_kafka_err2name(each.code);
    EXPECT_EQ(error.code, each.meaning) << rd_kafka_err2name(each.code);
    EXPECT_TRUE(error.text.contains(each.named)) << error.text;
    EXPECT_TRUE(error.text.contains("doing this")) << error.text;
    EXPECT_TRUE(error.text.contains(rd_kafka_err2str(each.code))) << error.text;
  }
}

TEST(KafkaError, ADetailStandsInTheText) {
  EXPECT_TRUE(kafka_error(RD_KAFKA_RESP_ERR__TRANSPORT, "connecting", "connection refused").text.contains("(connection refused)"));
}

}  // namespace
}  // namespace lernd
