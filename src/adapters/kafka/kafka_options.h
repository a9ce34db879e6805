#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kafka_log.h"

namespace lernd {

/// What a client of librdkafka is for; each kind has settings of its own.
enum class ClientRole {
  member,         ///< consumer in a group
  reader,         ///< consumer without a group, also for questions about topics
  producer,       ///< idempotent
  transactional,  ///< idempotent, with transactions
};

/// In the order in which they are set, because librdkafka has two names for some of them: the last one counts.
using ClientSettings = std::vector<std::pair<std::string, std::string>>;

/// The settings of a client: ours, and over them those of `options.client`. Pure; whether librdkafka knows a name shows when the client is opened.
///
/// Errors  `fatal`, `invalid_option`: no brokers, an unknown reset policy, a setting of `options.client` that the guarantees rest on or that has an option of
///         its own.
Result<ClientSettings> client_settings(const KafkaOptions& options, ClientRole role, const std::string& group);

/// The option that holds a setting of `KafkaOptions::client`.
std::string client_option(std::string_view setting);

/// True when the value of the setting must not appear in any text.
bool is_secret(std::string_view setting);

/// `text` as it may be shown: as it is, or a substitute when the value of a secret setting stands in it.
std::string without_secrets(std::string text, const std::map<std::string, std::string>& client);

}  // namespace lernd
