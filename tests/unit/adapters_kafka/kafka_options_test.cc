#include "adapters/kafka/kafka_options.h"

#include <gtest/gtest.h>

namespace lernd {
namespace {

KafkaOptions options() { return {.brokers = "broker:9092", .transactional_id = "id"}; }

/// What librdkafka ends up with: the last setting of a name counts.
std::map<std::string, std::string> effective(const KafkaOptions& options, ClientRole role) {
  const auto settings = client_settings(options, role, "group");
  EXPECT_TRUE(settings) << settings.error().text;
  std::map<std::string, std::string> map;
  for (const auto& [name, value] : settings.value_or(ClientSettings())) map[name] = value;
  return map;
}

void expect_refused(const KafkaOptions& options, const std::string& named, ClientRole role = ClientRole::member) {
  const auto settings = client_settings(options, role, "group");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().treatment, Treatment::fatal);
  EXPECT_EQ(settings.error().code, ErrorCode::invalid_option);
  EXPECT_TRUE(settings.error().text.contains(named)) << settings.error().text;
}

TEST(KafkaOptions, AMemberReadsCommittedRecordsAndMovesNothingByItself) {
  auto settings = effective(options(), ClientRole::member);
  EXPECT_EQ(settings["bootstrap.servers"], "broker:9092");
  EXPECT_EQ(settings["group.id"], "group");
  EXPECT_EQ(settings["isolation.level"], "read_committed");
  EXPECT_EQ(settings["partition.assignment.strategy"], "cooperative-sticky");
  EXPECT_EQ(settings["enable.auto.commit"], "false");
  EXPECT_EQ(settings["enable.auto.offset.store"], "false");
  EXPECT_EQ(settings["enable.partition.eof"], "true");
  EXPECT_EQ(settings["allow.auto.create.topics"], "false");
}

TEST(KafkaOptions, TheResetPolicyIsSetOnlyWhenGiven) {
  auto how = options();
  EXPECT_FALSE(effective(how, ClientRole::member).contains("auto.offset.reset"));
  how.auto_offset_reset = "earliest";
  EXPECT_EQ(effective(how, ClientRole::member)["auto.offset.reset"], "earliest");
  how.auto_offset_reset = "smallest";
  expect_refused(how, "kafka.auto.offset.reset");
}

TEST(KafkaOptions, AMemberIsStaticWhenItHasAName) {
  auto how = options();
  EXPECT_FALSE(effective(how, ClientRole::member).contains("group.instance.id"));
  how.group_instance_id = "one";
  EXPECT_EQ(effective(how, ClientRole::member)["group.instance.id"], "one");
}

TEST(KafkaOptions, AReaderHasNoGroup) {
  const auto settings = effective(options(), ClientRole::reader);
  EXPECT_FALSE(settings.contains("group.id"));
  EXPECT_EQ(settings.at("isolation.level"), "read_committed");
}

TEST(KafkaOptions, ProducersAreIdempotentAndOnlyOneKindHasTransactions) {
  for (const auto role : {ClientRole::producer, ClientRole::transactional}) {
    auto settings = effective(options(), role);
    EXPECT_EQ(settings["enable.idempotence"], "true");
    EXPECT_EQ(settings["acks"], "all");
    EXPECT_EQ(settings["compression.codec"], "snappy");
    EXPECT_EQ(settings.contains("transactional.id"), role == ClientRole::transactional);
  }
}

TEST(KafkaOptions, TransactionsEndWithTheTimeoutOfTheOption) {
  auto how = options();
  how.transaction_timeout = std::chrono::milliseconds(4321);
  auto settings = effective(how, ClientRole::transactional);
  EXPECT_EQ(settings["transactional.id"], "id");
  EXPECT_EQ(settings["transaction.timeout.ms"], "4321");
  EXPECT_EQ(settings["message.timeout.ms"], "4321");
}

TEST(KafkaOptions, ClientSettingsComeLast) {
  auto how = options();
  how.client = {{"security.protocol", "sasl_ssl"}, {"session.timeout.ms", "10000"}, {"compression.type", "zstd"}, {"client.id", "mine"}};
  for (const auto role : {ClientRole::member, ClientRole::reader, ClientRole::producer, ClientRole::transactional}) {
    const auto settings = client_settings(how, role, "group");
    ASSERT_TRUE(settings);
    const auto tail = std::map(settings->end() - std::ssize(how.client), settings->end());
    EXPECT_EQ(tail, how.client);
  }
}

TEST(KafkaOptions, WhatTheGuaranteesRestOnCannotBeSet) {
  for (const auto* setting : {"group.id", "group.instance.id", "bootstrap.servers", "metadata.broker.list", "isolation.level", "enable.auto.commit",
                              "enable.auto.offset.store", "enable.idempotence", "acks", "request.required.acks", "transactional.id", "transaction.timeout.ms",
                              "auto.offset.reset", "partition.assignment.strategy", "enable.partition.eof"}) {
    auto how = options();
    how.client = {{setting, "x"}};
    expect_refused(how, std::string("lernd.kafka.client.") + setting);
  }
}

TEST(KafkaOptions, BrokersAreNeeded) {
  auto how = options();
  how.brokers.clear();
  expect_refused(how, "kafka.broker-servers");
}

TEST(KafkaOptions, ATransactionalProducerNeedsItsId) {
  auto how = options();
  how.transactional_id.clear();
  EXPECT_FALSE(client_settings(how, ClientRole::transactional, ""));
  EXPECT_TRUE(client_settings(how, ClientRole::producer, ""));
}

TEST(KafkaOptions, SecretsAreKnownByTheirNames) {
  for (const auto* name : {"sasl.password", "ssl.key.password", "ssl.keystore.password", "ssl.key.pem", "sasl.oauthbearer.client.secret",
                           "sasl.oauthbearer.config", "sasl.jaas.config"}) {
    EXPECT_TRUE(is_secret(name)) << name;
  }
  for (const auto* name : {"client.id", "sasl.username", "sasl.mechanism", "ssl.ca.location", "security.protocol"}) EXPECT_FALSE(is_secret(name)) << name;
}

TEST(KafkaOptions, TextsWithASecretAreNotShown) {
  const std::map<std::string, std::string> client = {{"sasl.password", "hunter2"}, {"sasl.username", "anna"}, {"ssl.key.password", ""}};
  EXPECT_EQ(without_secrets("refused for anna", client), "refused for anna");
  EXPECT_FALSE(without_secrets("refused: hunter2", client).contains("hunter2"));
}

}  // namespace
}  // namespace lernd
