#include "kafka_error.h"

#include <fmt/format.h>

namespace lernd {
namespace {

struct Meaning {
  Treatment treatment;
  ErrorCode code;
  std::string_view remedy;
};

constexpr std::string_view kBrokersAway = "are the brokers of kafka.broker-servers up and reachable?";

Meaning meaning_of(rd_kafka_resp_err_t code) {
  switch (code) {
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
    case RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE:
      return {Treatment::fatal, ErrorCode::unauthorized, "check lernd.kafka.client.security.protocol and lernd.kafka.client.sasl.*"};
    case RD_KAFKA_RESP_ERR__SSL:
      return {Treatment::fatal, ErrorCode::unauthorized, "check lernd.kafka.client.security.protocol and lernd.kafka.client.ssl.*"};
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
      return {Treatment::fatal, ErrorCode::unauthorized, "give the Kafka user the right to it, or use another one (lernd.kafka.client.sasl.*)"};

    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
      return {Treatment::fatal, ErrorCode::not_found, "create the topic, or correct the option that names it"};

    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
      return {Treatment::reject, ErrorCode::oversized_record, "raise max.message.bytes of the topic"};

    case RD_KAFKA_RESP_ERR__INVALID_ARG:
    case RD_KAFKA_RESP_ERR__NOT_CONFIGURED:
    case RD_KAFKA_RESP_ERR_INVALID_GROUP_ID:
    case RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT:
    case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
    case RD_KAFKA_RESP_ERR_INVALID_PARTITIONS:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
      return {Treatment::fatal, ErrorCode::invalid_option, "correct the option that sets it"};
    case RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL:
      return {Treatment::fatal, ErrorCode::invalid_option, "stop the members of the group that are not lernd, or give the job a group of its own"};
    case RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT:
      return {Treatment::fatal, ErrorCode::invalid_option, "lower lernd.kafka.transaction_timeout_ms to what the brokers allow"};
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION:
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
      return {Treatment::fatal, ErrorCode::invalid_option, "the brokers are too old for it; without transactions: lernd.delivery = at-least-once"};

    case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
      return {Treatment::retry, ErrorCode::fenced, "the group has given the partitions to other members"};
    case RD_KAFKA_RESP_ERR__FENCED:
    case RD_KAFKA_RESP_ERR_PRODUCER_FENCED:
    case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
    case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING:
    case RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID:
    case RD_KAFKA_RESP_ERR_INVALID_TXN_STATE:
      return {Treatment::retry, ErrorCode::fenced, "the broker ended the transaction, or another producer has the same transactional id"};

    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
      return {Treatment::retry, ErrorCode::timed_out, kBrokersAway};
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
      return {Treatment::retry, ErrorCode::corrupt, "an answer of the broker could not be read"};
    default:
      return {Treatment::retry, ErrorCode::unavailable, kBrokersAway};
  }
}

}  // namespace

Error kafka_error(rd_kafka_resp_err_t code, std::string_view doing, std::string_view detail) {
  const auto meaning = meaning_of(code);
  auto text = fmt::format("Kafka: {} failed: {}", doing, rd_kafka_err2str(code));
  if (!detail.empty()) text += fmt::format(" ({})", detail);
  return {meaning.treatment, meaning.code, fmt::format("{}; {}", text, meaning.remedy)};
}

}  // namespace lernd
