// A configuration that cannot be right ends the program at once: one clear line that names the option, exit code 2, and nothing is consumed.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "fault/reconciliation_world.h"
#include "integration/program.h"
#include "support/services.h"

namespace lernd {
namespace {

using nlohmann::json;

/// Cassandra and Redis that ask for a password, for one test.
class PasswordServers {
 public:
  PasswordServers()
      : process_({.words = {LERND_SOURCE_DIR "/tools/services/services", "run", "cassandra", "redis", "--auth", "--", "sh", "-c",
                            "cat \"$LERND_SERVICES\" && echo end-of-file && exec sleep 600"}}) {
    if (!process_.wait_for_output("end-of-file", std::chrono::minutes(2))) throw std::runtime_error("no servers with passwords: " + process_.err());
    entries_ = json::parse(process_.out().substr(0, process_.out().rfind("end-of-file")));
  }

  std::map<std::string, std::string> settings() const {
    const auto& cassandra = entries_.at("cassandra");
    const auto& redis = entries_.at("redis");
    return {{"lms-cassandra.port", fmt::format("{}", cassandra.at("port").get<int>())},
            {"lernd.cassandra.user", cassandra.at("user")},
            {"lernd.cassandra.password", cassandra.at("password")},
            {"redis.port", fmt::format("{}", redis.at("port").get<int>())},
            {"lernd.redis.password", redis.at("password")}};
  }

 private:
  Process process_;
  json entries_;
};

struct Wrong {
  std::string set;
  std::vector<std::string> says;
  std::size_t lines = 1;
};

/// `lernd run` with this setting, and what must be true of its end.
void expect_refused(ReconciliationWorld& world, const Wrong& wrong) {
  SCOPED_TRACE(wrong.set);
  const auto begin = std::chrono::steady_clock::now();
  const auto refused = run(world.command({"--http", "off", "--set", wrong.set}), kLimit);
  EXPECT_EQ(refused.code, 2) << refused.err;
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20)) << "it was waited for what does not pass";
  const auto lines = lines_with(refused.err, "lernd run: ");
  ASSERT_EQ(lines.size(), wrong.lines) << refused.err;
  for (const auto& part : wrong.says) EXPECT_TRUE(lines.front().contains(part)) << "expected in it: " << part << "\n" << lines.front();
  EXPECT_FALSE(refused.err.contains("job started")) << refused.err;
  EXPECT_EQ(world.committed(), std::nullopt);
  EXPECT_TRUE(world.dead_letters().empty());
}

TableSchema enrolments_of(const ReconciliationWorld& world) {
  for (const TableUse& use : world.job().tables(world.values())) {
    if (use.shape.name.table == "user_enrolments") return use.shape;
  }
  throw std::runtime_error("the job has no table of enrolments");
}

void create(ReconciliationWorld& world, const std::string& name, const std::function<void(TableSchema&)>& change) {
  auto table = enrolments_of(world);
  table.name.table = name;
  change(table);
  const auto ports = world.services().open();
  ASSERT_TRUE(ports) << ports.error().text;
  const auto created = ports->tables->create(table);
  ASSERT_TRUE(created) << created.error().text;
}

TEST(WrongConfiguration, IsOneLineAndNothingIsConsumed) {
  ReconciliationWorld world(1, {.learners = 5, .requests = 5});
  create(world, "of_another_type", [](TableSchema& table) {
    for (Column& column : table.columns) {
      if (column.name == "progress") column.type = "text";
    }
  });
  create(world, "without_a_column", [](TableSchema& table) { std::erase_if(table.columns, [](const Column& column) { return column.name == "progress"; }); });
  const std::string kEnrolments = "lms-cassandra.user_enrolments.table";
  const Wrong wrongs[] = {
      {kEnrolments + "=elsewhere", {"elsewhere (lms-cassandra.user_enrolments.table) is not there", "lernd schema"}},
      {kEnrolments + "=of_another_type", {"progress", "text, not int", kEnrolments}},
      {kEnrolments + "=without_a_column", {"no column progress", "ALTER TABLE", kEnrolments}},
      {"lernd.journal.table=elsewhere", {"elsewhere (lernd.journal.table) is not there", "lernd schema"}, 2},  // two tables
      {"kafka.input.topic=elsewhere", {"elsewhere (kafka.input.topic) is not there"}},
      {"kafka.output.audit.topic=elsewhere", {"elsewhere (kafka.output.audit.topic) is not there"}},
      {"lernd.dead_letter_topic=elsewhere", {"elsewhere (lernd.dead_letter_topic) is not there"}},
      {"redis.database.relationCache.id=99", {"database 99", "redis.database"}},
      {"lernd.kafka.client.security.protocol=carrier_pigeon", {"lernd.kafka.client.security.protocol"}},
  };
  for (const auto& wrong : wrongs) expect_refused(world, wrong);
  const auto right = run(world.command({"--http", "off", "--until-end"}), kLimit);
  EXPECT_EQ(right.code, 0) << right.err;
  EXPECT_NE(world.committed(), std::nullopt) << "it would not show when something was consumed";
}

TEST(WrongPassword, IsOneLineAndNothingIsConsumed) {
  const PasswordServers servers;
  ReconciliationWorld world(1, {.learners = 5, .requests = 5, .set = servers.settings()});
  const Wrong wrongs[] = {
      {"lernd.cassandra.password=open-sesame", {"lernd.cassandra.user", "lernd.cassandra.password"}},
      {"lernd.cassandra.user=nobody", {"lernd.cassandra.user", "lernd.cassandra.password"}},
      {"lernd.cassandra.user=", {"lernd.cassandra.user", "lernd.cassandra.password"}},
      {"lernd.redis.password=open-sesame", {"lernd.redis.password"}},
      {"lernd.redis.password=", {"lernd.redis.password"}},
  };
  for (const auto& wrong : wrongs) expect_refused(world, wrong);
  const auto secret = run(world.command({"--http", "off", "--set", "lernd.redis.password=open-sesame"}), kLimit);
  EXPECT_FALSE((secret.out + secret.err).contains("open-sesame")) << secret.err;
  const auto right = run(world.command({"--http", "off", "--until-end"}), kLimit);
  EXPECT_EQ(right.code, 0) << right.err;
}

}  // namespace
}  // namespace lernd
