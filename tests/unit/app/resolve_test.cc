#include "app/resolve.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "jobs/registry.h"

namespace lernd {
namespace {

using Role = Option::Role;

ConfigFile file_of(const std::string& text) { return read_config_text(text, "job.conf").value(); }

const OptionTable& job_table() {
  static const OptionTable table = options_for(*find_job("enrolment-reconciliation"));
  return table;
}

ResolvedOptions resolve(const std::string& text, std::map<std::string, std::string> set = {}) {
  const auto file = file_of(text);
  return resolve_options(job_table(), {.file = &file, .set = std::move(set), .environment = nullptr});
}

std::string only_fault(const ResolvedOptions& resolved) {
  if (resolved.faults.size() != 1) return std::to_string(resolved.faults.size()) + " faults";
  return resolved.faults.front().text();
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(ResolveTest, DefaultsTakeTheNameOfTheInstallation) {
  EXPECT_EQ(resolve("").values.text("kafka.input.topic"), "local.batch.enrolment.sync.request");
  EXPECT_EQ(resolve("job.env = prod").values.text("kafka.groupId"), "prod-enrolment-reconciliation-group");
  EXPECT_EQ(resolve("", {{"job.env", "prod"}}).values.text("kafka.groupId"), "prod-enrolment-reconciliation-group");
}

TEST(ResolveTest, CommandLineWinsOverFileWinsOverDefault) {
  const auto resolved = resolve("redis { port = 1, host = h }", {{"redis.port", "2"}});
  EXPECT_TRUE(resolved.faults.empty());
  EXPECT_EQ(resolved.values.integer("redis.port"), 2);
  EXPECT_EQ(resolved.values.text("redis.host"), "h");
  EXPECT_EQ(resolved.values.integer("lms-cassandra.port"), 9042);
  EXPECT_EQ(resolved.where.at("redis.host"), "job.conf:1");
}

TEST(ResolveTest, AliasesAreAccepted) {
  EXPECT_EQ(resolve("kafka.audit.topic = a").values.text("kafka.output.audit.topic"), "a");
  EXPECT_TRUE(resolve("kafka.audit.topic = a\nkafka.output.audit.topic = a").faults.empty());
  EXPECT_TRUE(contains(only_fault(resolve("kafka.audit.topic = a\nkafka.output.audit.topic = b")), "two names of one option"));
  EXPECT_EQ(resolve("kafka.audit.topic = a", {{"kafka.output.audit.topic", "b"}}).values.text("kafka.output.audit.topic"), "b");
}

TEST(ResolveTest, BooleansHaveOneForm) {
  EXPECT_TRUE(resolve("activity.module.aggs.enabled = yes").values.boolean("activity.module.aggs.enabled"));
  EXPECT_FALSE(resolve("activity.module.aggs.enabled = off").values.boolean("activity.module.aggs.enabled"));
  EXPECT_TRUE(contains(only_fault(resolve("activity.module.aggs.enabled = 1")), "neither true nor false"));
}

struct Wrong {
  const char* text;
  const char* says;
};

TEST(ResolveTest, WrongValuesAreFaultsWithPlaceAndRemedy) {
  for (const auto& wrong : {
           Wrong{"threshold.batch.write.size = 0", "is not a number from 1"},
           Wrong{"threshold.batch.write.size = ten", "is not a number from 1"},
           Wrong{"threshold.batch.write.size = 1.5", "is not a number from 1"},
           Wrong{"lernd.delivery = twice", "is none of exactly-once, at-least-once"},
           Wrong{"kafka.groupId = \"\"", "kafka.groupId is empty"},
           Wrong{"kafka.groupId = \"  \"", "kafka.groupId is empty"},
           Wrong{"kafka.groupId = \"__env__-group\"", "placeholder __env__"},
           Wrong{"kafka.input.topic = \"{env}.x\"", "placeholder {env}"},
           Wrong{"kafka.input.topic = \"{{env}}.x\"", "placeholder {{…}}"},
           Wrong{"kafka.output.failed.topic = \"__env__.x\"", "placeholder __env__"},
           Wrong{"kafka.input.topic = \"a b\"", "not a name Kafka takes"},
           Wrong{"redis { host = 6379, port = 6379 }", "is a port, not a host; if host and port are swapped"},
           Wrong{"redis.port = localhost", "is not a port; if host and port are swapped"},
           Wrong{"lms-cassandra.port = 70000", "from 1 to 65535"},
           Wrong{"lms-cassandra.host = \"a:9042\"", "holds a port"},
           Wrong{"lms-cassandra.host = \"a,,b\"", "names no host"},
           Wrong{"kafka.broker-servers = \"9092:localhost\"", "host and port swapped"},
           Wrong{"kafka.broker-servers = \"localhost\"", "has no port"},
           Wrong{"kafka.broker-servers = \"a:1,b:x\"", "is not host:port"},
           Wrong{"service.search.basePath = \"ftp://x\"", "is not an HTTP address"},
           Wrong{"service.search.basePath = \"http://x:y/z\"", "is not an HTTP address"},
       }) {
    const auto said = only_fault(resolve(wrong.text));
    EXPECT_TRUE(contains(said, wrong.says)) << wrong.text << " → " << said;
    EXPECT_TRUE(contains(said, "job.conf:1")) << said;
    EXPECT_TRUE(contains(said, "; ")) << said;
  }
}

TEST(ResolveTest, SwappedHostAndPortAreTwoFaults) {
  const auto resolved = resolve("redis { host = 6379, port = localhost }");
  EXPECT_EQ(resolved.faults.size(), 2u);
}

TEST(ResolveTest, GoodValuesPass) {
  for (const auto* text : {"kafka.broker-servers = \"a:1,b:2\"", "kafka.broker-servers = [\"a:1\", \"[::1]:2\"]", "lms-cassandra.host = \"10.0.0.1, 10.0.0.2\"",
                           "lms-cassandra.port = \"9042\"", "service.search.basePath = \"search:9200/x\"", "lernd.dead_letter_topic = \"\"",
                           "service.search.basePath = \"https://[::1]/x\""}) {
    EXPECT_TRUE(resolve(text).faults.empty()) << text << " → " << resolve(text).faults.front().text();
  }
}

TEST(ResolveTest, FamiliesKeepTheirKeys) {
  const auto resolved = resolve("lernd.kafka.client { security.protocol = SASL_SSL, \"ssl.ca.location\" = x }", {{"lernd.kafka.client.debug", "broker"}});
  const auto client = resolved.values.below("lernd.kafka.client");
  EXPECT_EQ(client.at("security.protocol"), "SASL_SSL");
  EXPECT_EQ(client.at("ssl.ca.location"), "x");
  EXPECT_EQ(client.at("debug"), "broker");
}

TEST(ResolveTest, SecretsComeFromFileOrEnvironment) {
  const auto path = std::filesystem::temp_directory_path() / ("lernd-secret-" + std::to_string(::getpid()));
  std::ofstream(path) << "from file\n";
  const auto file = file_of("lernd.cassandra.password = plain\nlernd.redis.password_file = \"" + path.string() + "\"");
  const auto environment = [](const std::string& name) {
    return name == "LERND_CASSANDRA_PASSWORD" ? std::optional<std::string>("from outside") : std::nullopt;
  };
  const auto resolved = resolve_options(job_table(), {.file = &file, .set = {}, .environment = environment});
  std::filesystem::remove(path);
  EXPECT_TRUE(resolved.faults.empty());
  EXPECT_EQ(resolved.values.text("lernd.cassandra.password"), "from outside");
  EXPECT_EQ(resolved.values.text("lernd.redis.password"), "from file");
  const OptionTable* table = &job_table();
  EXPECT_TRUE(unknown_keys(file, {&table, 1}).empty());
  EXPECT_EQ(shown(*job_table().find("lernd.redis.password"), "from file"), "***");
}

TEST(ResolveTest, AnUnreadableSecretFileIsAFault) {
  EXPECT_TRUE(contains(only_fault(resolve("lernd.redis.password_file = \"/nowhere/secret\"")), "cannot be read"));
}

TEST(ResolveTest, AnOptionMayHaveARuleOfItsOwn) {
  const OptionTable table(
      {{.name = "a", .default_value = "even", .check = [](const std::string& value) { return std::string(value == "odd" ? "it is odd" : ""); }}});
  const auto good = file_of("a = even too");
  EXPECT_TRUE(resolve_options(table, {.file = &good, .set = {}, .environment = nullptr}).faults.empty());
  const auto bad = file_of("a = odd");
  const auto fault = only_fault(resolve_options(table, {.file = &bad, .set = {}, .environment = nullptr}));
  EXPECT_TRUE(contains(fault, "a = \"odd\": it is odd")) << fault;
}

TEST(ResolveTest, AGroupWithoutDefaultMustBeSet) {
  const OptionTable table = options_for(*find_job("merge-user-courses"));
  const auto none = resolve_options(table, {});
  EXPECT_TRUE(contains(only_fault(none), "kafka.groupId is empty")) << only_fault(none);
  EXPECT_TRUE(resolve_options(table, {.file = nullptr, .set = {{"kafka.groupId", "g"}}, .environment = nullptr}).faults.empty());
}

TEST(ResolveTest, FaultsNeverShowSecrets) {
  const OptionTable table({{.name = "job.env", .default_value = "local"},
                           {.name = "a", .default_value = "x", .choices = {"x"}, .role = Role::secret},
                           {.name = "b", .type = OptionType::boolean, .default_value = "true", .role = Role::secret}});
  const auto file = file_of("a = hunter2\nb = hunter2");
  const auto resolved = resolve_options(table, {.file = &file, .set = {}, .environment = nullptr});
  ASSERT_EQ(resolved.faults.size(), 2u);
  for (const auto& fault : resolved.faults) EXPECT_FALSE(contains(fault.text(), "hunter2")) << fault.text();
}

TEST(ResolveTest, UnknownKeysAreNamedWithTheNearest) {
  const auto file = file_of("kafka {\n  input.topic = a\n  groupID = g\n}\nzzz = 1\n");
  const OptionTable* table = &job_table();
  const auto unknown = unknown_keys(file, {&table, 1});
  ASSERT_EQ(unknown.size(), 2u);
  EXPECT_EQ(unknown[0].fault.text(), "job.conf:3: nothing is known by the name kafka.groupID; did you mean kafka.groupId?");
  EXPECT_EQ(unknown[1].key, "zzz");
}

TEST(ResolveTest, KeysOfTheFlinkFilesWithoutEffectAreAccepted) {
  const auto file = file_of(
      "kafka { zookeeper = \"z:2181\", producer { max-request-size = 1 } }\njob { bb = lern, statebackend.base.url = x }\ntask { parallelism = 2, "
      "window.shards = 1,\n"
      "enrolment.complete.parallelism = 3, restart-strategy.delay = 30000 }\nredis.connection.max = 2\nredis-meta { host = a, port = 1 }\nes.basePath = "
      "\"e:9200\"\n"
      "neo4j { routePath = x }\nschema { basePath = x, supportedVersion = {\"itemset\": \"2.0\"} }\nmedia_download_duration = \"300 seconds\"\nml-mongo.host = "
      "x\n"
      "sunbird_instance_name = \"Sunbird\"\n");
  const OptionTable* table = &job_table();
  const auto unknown = unknown_keys(file, {&table, 1});
  EXPECT_TRUE(unknown.empty()) << unknown.front().fault.text();
}

TEST(ResolveTest, AnUnknownKeyOnTheCommandLineIsAFault) {
  EXPECT_TRUE(contains(only_fault(resolve("", {{"kafka.groupid", "x"}})), "did you mean kafka.groupId?"));
}

TEST(ResolveTest, EnvironmentNames) {
  EXPECT_EQ(environment_name("lernd.cassandra.password"), "LERND_CASSANDRA_PASSWORD");
  EXPECT_EQ(environment_name("lernd.dedup-redis.password"), "LERND_DEDUP_REDIS_PASSWORD");
}

}  // namespace
}  // namespace lernd
