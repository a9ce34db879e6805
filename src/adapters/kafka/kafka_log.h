#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "ports/event_log.h"

namespace lernd {

/// How to reach the brokers, and what is promised towards them.
struct KafkaOptions {
  std::string brokers;                             ///< `kafka.broker-servers`
  std::map<std::string, std::string> client = {};  ///< librdkafka settings of `lernd.kafka.client.*` (TLS, SASL, …), for every client; see below
  std::string auto_offset_reset = {};              ///< `kafka.auto.offset.reset`: empty (the client's default, latest), `earliest`, `latest`
  bool transactional = true;                       ///< false for delivery = at-least-once
  std::string transactional_id = {};  ///< unique per live producer; may be the same again after a restart, which then frees what the last one left open
  /// Makes the member a static one (KIP-345): a restart within the session timeout takes its partitions back at once, and leaving for good is noticed only
  /// after that time. Empty: a dynamic member. Unique within the group.
  std::string group_instance_id = {};
  std::chrono::milliseconds transaction_timeout{15000};  ///< after which the broker gives up the transaction of a producer that went away
  std::chrono::milliseconds request_timeout{10000};      ///< longest wait for one answer of the brokers; a commit takes at most three of them
  /// Lines of librdkafka for the operator; `level` is `error`, `warning`, `info` or `debug`. May be null. Called from threads of librdkafka.
  std::function<void(std::string_view level, std::string_view text)> on_log = {};
};

/// A member of `group` on `topic`; it joins with the first `poll`. A broker that is away shows in later calls and not here.
///
/// Consumer  read_committed, cooperative-sticky, no automatic commits. Record order is that of the partition; records larger than any limit are delivered too.
/// Commit    Outputs and positions are one transaction; when it returns both are certain, and show to readers within milliseconds, not at one instant. Without
/// outputs, and when `transactional` is off, positions go by a plain offset commit after all
///           outputs are acknowledged. When the outcome of a transaction was not heard, it is looked up in the committed positions: by the same call while time
///           is left, by later ones otherwise. A repeated call for the same positions, or for some of them, is then not made twice; one that mixes them with
///           others fails with `retry`. Outputs without positions cannot be looked up: after such an error they may be there twice.
/// Group     No partition is given back inside `commit`. `fenced` is returned only for partitions that are no longer assigned; `poll` names them in `revoked`,
///           then or before. While the group is rebalancing a commit fails with `retry`, `unavailable` and is repeated after a `poll`.
/// Errors    As EventLog says, and `reject` with `oversized_record` from `commit` when the broker does not take an output for its size. An option of librdkafka
///           that does not exist, or that the guarantees rest on (`group.id`, `isolation.level`, `acks`, …), is `fatal`, `invalid_option` here.
/// Source    design.md sections 2 to 4; KIP-98, KIP-429, KIP-447.
Result<std::unique_ptr<EventLog>> make_kafka_event_log(const KafkaOptions& options, const std::string& topic, const std::string& group);

/// Topics without any group. Never creates a topic but by `create`, which is content with one that is there already.
Result<std::unique_ptr<TopicAdmin>> make_kafka_topic_admin(const KafkaOptions& options);

}  // namespace lernd
