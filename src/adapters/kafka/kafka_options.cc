#include "kafka_options.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace lernd {
namespace {

struct Reserved {
  std::string_view setting;
  std::string_view instead;
};

/// Settings that exactly-once rests on, or that have an option of their own.
constexpr std::array kReserved = {
    Reserved{"bootstrap.servers", "set kafka.broker-servers"},
    Reserved{"metadata.broker.list", "set kafka.broker-servers"},
    Reserved{"group.id", "set the consumer group of the job"},
    Reserved{"group.instance.id", "set lernd.instance_id"},
    Reserved{"auto.offset.reset", "set kafka.auto.offset.reset"},
    Reserved{"transaction.timeout.ms", "set lernd.kafka.transaction_timeout_ms"},
    Reserved{"transactional.id", "remove it: it is chosen for each producer"},
    Reserved{"enable.auto.commit", "remove it: positions move with the outputs"},
    Reserved{"auto.commit.enable", "remove it: positions move with the outputs"},
    Reserved{"enable.auto.offset.store", "remove it: positions move with the outputs"},
    Reserved{"isolation.level", "remove it: only committed records are read"},
    Reserved{"partition.assignment.strategy", "remove it: partitions move with cooperative-sticky"},
    Reserved{"enable.partition.eof", "remove it: the end of a partition is always reported"},
    Reserved{"enable.idempotence", "remove it: producers are always idempotent"},
    Reserved{"acks", "remove it: all in-sync replicas acknowledge"},
    Reserved{"request.required.acks", "remove it: all in-sync replicas acknowledge"},
};

std::string ms(std::chrono::milliseconds duration) { return std::to_string(duration.count()); }

ClientSettings joined(ClientSettings settings, const ClientSettings& more) {
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

ClientSettings common_settings(const KafkaOptions& options) {
  return {
      {"bootstrap.servers", options.brokers},
      {"client.id", "lernd"},
      {"socket.timeout.ms", ms(options.request_timeout)},
      {"socket.keepalive.enable", "true"},
      {"socket.nagle.disable", "true"},  // a transaction is a chain of small requests; each would wait for the last one's acknowledgement
      {"reconnect.backoff.max.ms", "2000"},
      {"log.connection.close", "false"},
  };
}

ClientSettings consumer_settings() {
  return {
      {"isolation.level", "read_committed"},
      {"enable.auto.commit", "false"},
      {"enable.auto.offset.store", "false"},
      {"enable.partition.eof", "true"},
      {"allow.auto.create.topics", "false"},
      {"fetch.wait.max.ms", "100"},  // the end of a partition shows only in an answer without records, which comes
                                     // after this wait
      // Bounds memory: what waits is at most the former and one answer, unpacked. A full queue is looked at again only after a second, so it has to hold more
      // than is worked off in that time.
      {"queued.max.messages.kbytes", "4096"},
      {"fetch.message.max.bytes", "262144"},  // a larger record is delivered all the same
  };
}

ClientSettings member_settings(const KafkaOptions& options, const std::string& group) {
  ClientSettings settings{
      {"group.id", group},
      {"partition.assignment.strategy", "cooperative-sticky"},
      {"max.poll.interval.ms", "600000"},
      {"heartbeat.interval.ms", "1000"},  // members learn of a rebalance by their heartbeats
  };
  if (!options.group_instance_id.empty()) settings.emplace_back("group.instance.id", options.group_instance_id);
  if (!options.auto_offset_reset.empty()) settings.emplace_back("auto.offset.reset", options.auto_offset_reset);
  return settings;
}

ClientSettings producer_settings(const KafkaOptions& options) {
  return {
      {"enable.idempotence", "true"},
      {"acks", "all"},
      {"compression.codec", "snappy"},
      {"linger.ms", "2"},
      {"batch.size", "262144"},             // the requests of one partition go one after the other, and a commit waits for the last
      {"partitioner", "murmur2_random"},    // keys land where the Java producers put them
      {"message.max.bytes", "1000000000"},  // a dead letter is as large as its record; the broker has the last word
      {"queue.buffering.max.kbytes", "1048576"},
      {"topic.metadata.propagation.max.ms", ms(options.request_timeout / 2)},  // a topic that is not there shows before the commit times out
  };
}

ClientSettings transaction_settings(const KafkaOptions& options) {
  return {
      {"transactional.id", options.transactional_id},
      {"transaction.timeout.ms", ms(options.transaction_timeout)},
      {"message.timeout.ms", ms(options.transaction_timeout)},
      {"retry.backoff.ms", "10"},  // a transaction right after another one is refused until the broker has finished that, which takes milliseconds
  };
}

ClientSettings settings_of(ClientRole role, const KafkaOptions& options, const std::string& group) {
  switch (role) {
    case ClientRole::member:
      return joined(consumer_settings(), member_settings(options, group));
    case ClientRole::reader:
      return joined(consumer_settings(), {{"auto.offset.reset", "error"}});
    case ClientRole::transactional:
      return joined(producer_settings(options), transaction_settings(options));
    case ClientRole::producer:
      break;
  }
  return joined(producer_settings(options), {{"message.timeout.ms", ms(options.request_timeout * 3)}});
}

Result<void> check(const KafkaOptions& options) {
  if (options.brokers.empty()) {
    return fail(Treatment::fatal, ErrorCode::invalid_option, "no Kafka brokers are given; set kafka.broker-servers to host:port, separated by commas");
  }
  const auto& reset = options.auto_offset_reset;
  if (!reset.empty() && reset != "earliest" && reset != "latest") {
    return fail(Treatment::fatal, ErrorCode::invalid_option,
                fmt::format("kafka.auto.offset.reset is '{}'; set it to earliest or latest, or leave it out", reset));
  }
  for (const auto& [setting, instead] : kReserved) {
    if (options.client.contains(std::string(setting))) {
      return fail(Treatment::fatal, ErrorCode::invalid_option, fmt::format("{} cannot be set; {}", client_option(setting), instead));
    }
  }
  return {};
}

}  // namespace

Result<ClientSettings> client_settings(const KafkaOptions& options, ClientRole role, const std::string& group) {
  if (auto checked = check(options); !checked) return std::unexpected(checked.error());
  if (role == ClientRole::transactional && options.transactional_id.empty()) {
    return fail(Treatment::fatal, ErrorCode::internal, "a transactional producer needs a transactional id");
  }
  auto settings = joined(common_settings(options), settings_of(role, options, group));
  settings.insert(settings.end(), options.client.begin(), options.client.end());
  return settings;
}

std::string client_option(std::string_view setting) { return fmt::format("lernd.kafka.client.{}", setting); }

bool is_secret(std::string_view setting) {
  for (const std::string_view part : {"password", "secret", "pem", "token", "oauth", "jaas"}) {
    if (setting.contains(part)) return true;
  }
  return false;
}

std::string without_secrets(std::string text, const std::map<std::string, std::string>& client) {
  for (const auto& [name, value] : client) {
    if (is_secret(name) && !value.empty() && text.contains(value)) return "(not shown: it holds a secret)";
  }
  return text;
}

}  // namespace lernd
