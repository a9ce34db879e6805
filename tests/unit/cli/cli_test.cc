#include <gtest/gtest.h>
#include <httplib.h>

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "adapters/embedded/database.h"
#include "adapters/embedded/embedded_topic_admin.h"
#include "app/version.h"
#include "conformance/temporary_folder.h"
#include "support/process.h"

namespace lernd {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

const std::string kJob = "enrolment-reconciliation";
constexpr auto kLimit = 60s;

Command lernd_command(std::vector<std::string> words) {
  words.insert(words.begin(), LERND_BINARY);
  return {.words = std::move(words)};
}

Finished lernd(std::vector<std::string> words) { return run(lernd_command(std::move(words)), kLimit); }

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

class CliTest : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    const auto path = folder_.file(name);
    std::ofstream(path) << text;
    return path;
  }

  /// A file with all that the job needs and `count` requests that nobody has handled.
  std::string prepared(std::size_t count) {
    const auto path = folder_.file("job.sqlite");
    EXPECT_EQ(lernd({"schema", kJob, "--embedded", path, "--apply", "--all"}).code, 0);
    auto topics = make_embedded_topic_admin(EmbeddedDatabase::open(path).value());
    const std::string request = R"({"edata":{"action":"user-enrolment-sync","userId":"u","courseId":"c","batchId":"b"}})";
    const std::vector<OutputRecord> records(count, {.topic = "local.batch.enrolment.sync.request", .value = request});
    EXPECT_TRUE(topics->produce(records, 0));
    return path;
  }

  TemporaryFolder folder_;
};

TEST_F(CliTest, TheFirstScreenNamesTheCommands) {
  const auto help = lernd({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const auto* part : {"run", "validate", "plan", "schema", "demo", "test", "options", "Examples:", "Exit codes:"})
    EXPECT_TRUE(contains(help.out, part)) << part;
  const auto nothing = lernd({});
  EXPECT_EQ(nothing.code, 2);
  EXPECT_EQ(nothing.out, help.out);
  EXPECT_EQ(lernd({"--version"}).out, std::string("lernd ") + kVersion + "\n");
}

TEST_F(CliTest, AWrongCommandLineExitsWithTwo) {
  EXPECT_EQ(lernd({"fly"}).code, 2);
  EXPECT_EQ(lernd({"run"}).code, 2);
  EXPECT_EQ(lernd({"run", kJob, "--fast"}).code, 2);
  EXPECT_EQ(lernd({"run", kJob, "--set", "redis.port=x"}).code, 2);
  const auto unknown = lernd({"run", "enrolment-reconcilation"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_TRUE(contains(unknown.err, "the jobs are: activity-aggregate-updater, enrolment-reconciliation, ")) << unknown.err;
}

TEST_F(CliTest, ValidateReportsEverythingAtOnce) {
  const auto config = file("job.conf", "kafka {\n  groupId = \"\"\n  input.topic = \"__env__.x\"\n  groupid = g\n}\nredis { host = 6379, port = localhost }\n");
  const auto found = lernd({"validate", kJob, "--config", config, "--offline"});
  EXPECT_EQ(found.code, 2);
  for (const auto* part :
       {"job.conf:2: kafka.groupId is empty", "job.conf:3: kafka.input.topic = \"__env__.x\" still holds the placeholder", "job.conf:6: redis.host",
        "job.conf:6: redis.port", "job.conf:4: nothing is known by the name kafka.groupid; did you mean kafka.groupId?", "5 faults"}) {
    EXPECT_TRUE(contains(found.out, part)) << part << "\n" << found.out;
  }
  EXPECT_EQ(lernd({"validate", kJob, "--offline"}).code, 0);
  EXPECT_EQ(lernd({"validate", kJob, "--embedded", prepared(0)}).code, 0);
}

TEST_F(CliTest, TheFlinkFileIsTakenAsItIs) {
  file("base-config.conf",
       "kafka { broker-servers = \"localhost:9092\", zookeeper = \"localhost:2181\" }\njob.env = \"local\"\ntask.parallelism = 1\nredis.connection.max = 2\n");
  const auto config = file("job.conf", "include \"base-config.conf\"\nkafka.input.topic = ${job.env}\".batch.enrolment.sync.request\"\n");
  const auto done = lernd({"run", kJob, "--config.file.path", config, "--embedded", prepared(3), "--until-end", "--http", "off"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_FALSE(contains(done.err, "warning:")) << done.err;
  EXPECT_TRUE(contains(done.err, "3 of 3 events")) << done.err;
}

TEST_F(CliTest, RunRefusesWhatIsMissingBeforeAnythingIsConsumed) {
  const auto path = prepared(1);
  const auto wrong = lernd({"run", kJob, "--embedded", path, "--until-end", "--http", "off", "--set", "lms-cassandra.user_enrolments.table=elsewhere"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_TRUE(contains(wrong.err, "sunbird_courses.elsewhere (lms-cassandra.user_enrolments.table) is not there")) << wrong.err;
  EXPECT_FALSE(contains(wrong.err, "job started"));
  const auto topic = lernd({"run", kJob, "--embedded", path, "--until-end", "--http", "off", "--set", "kafka.input.topic=elsewhere"});
  EXPECT_EQ(topic.code, 2);
  EXPECT_TRUE(contains(topic.err, "the topic elsewhere (kafka.input.topic) is not there")) << topic.err;
}

TEST_F(CliTest, ASignalDrainsAndExitsWithZero) {
  for (const int signal : {SIGTERM, SIGINT}) {
    Process process(lernd_command({"run", kJob, "--embedded", prepared(1), "--http", "127.0.0.1:0"}));
    ASSERT_TRUE(process.wait_for_output("job started", kLimit)) << process.err();
    process.signal(signal);
    EXPECT_EQ(process.wait(kLimit), 0) << process.err();
    EXPECT_TRUE(contains(process.err(), "job ended")) << process.err();
  }
}

TEST_F(CliTest, TheAdminPagesTellOfTheJob) {
  Process process(lernd_command({"run", kJob, "--embedded", prepared(2), "--http", "127.0.0.1:0"}));
  ASSERT_TRUE(process.wait_for_output("admin pages", kLimit)) << process.err();
  ASSERT_TRUE(process.wait_for_output("job started", kLimit)) << process.err();
  const auto line = process.err().substr(process.err().find("http://127.0.0.1:") + 17);
  httplib::Client client("127.0.0.1", std::stoi(line));
  const auto deadline = std::chrono::steady_clock::now() + kLimit;
  json jobs;
  do {
    const auto answer = client.Get("/jobs");
    ASSERT_TRUE(answer);
    jobs = json::parse(answer->body);
  } while (jobs.at(0).at("records_done") != 2 && std::chrono::steady_clock::now() < deadline);
  EXPECT_EQ(jobs.at(0).at("job"), kJob);
  EXPECT_EQ(jobs.at(0).at("records_done"), 2);
  EXPECT_EQ(client.Get("/health/live")->status, 200);
  EXPECT_EQ(client.Get("/health/ready")->status, 200);
  EXPECT_TRUE(contains(client.Get("/metrics")->body, "lernd_events_total{counter=\"total-events-count\",job=\"enrolment-reconciliation\"} 2"))
      << client.Get("/metrics")->body;
}

TEST_F(CliTest, ATakenPortIsAFaultWhenItWasAskedFor) {
  Process process(lernd_command({"run", kJob, "--embedded", prepared(0), "--http", "127.0.0.1:0"}));
  ASSERT_TRUE(process.wait_for_output("admin pages", kLimit)) << process.err();
  const auto port = std::to_string(std::stoi(process.err().substr(process.err().find("http://127.0.0.1:") + 17)));
  const auto second = lernd({"run", kJob, "--embedded", folder_.file("job.sqlite"), "--http", "127.0.0.1:" + port});
  EXPECT_EQ(second.code, 2);
  EXPECT_TRUE(contains(second.err, "lernd.admin.address")) << second.err;
}

TEST_F(CliTest, PlanShowsWhatComesNextAndChangesNothing) {
  const auto path = prepared(2);
  for (int again = 0; again < 2; ++again) {
    const auto plan = lernd({"plan", kJob, "--embedded", path});
    EXPECT_EQ(plan.code, 0) << plan.err;
    EXPECT_TRUE(contains(plan.out, "local.batch.enrolment.sync.request 0:0: plan")) << plan.out;
    EXPECT_TRUE(contains(plan.out, "0:1: plan")) << plan.out;
  }
  const auto lines = lernd({"plan", kJob, "--embedded", path, "--format", "json", "--topic-offset", "0:1"});
  EXPECT_EQ(json::parse(lines.out).at("record"), "local.batch.enrolment.sync.request 0:1");
  EXPECT_EQ(lernd({"plan", kJob, "--embedded", path, "--topic-offset", "first"}).code, 2);
  EXPECT_EQ(lernd({"plan", kJob, "--embedded", path, "--from-file", folder_.file("none.json")}).code, 2);
}

TEST_F(CliTest, TestSaysWhatDiffersAndExitsWithOne) {
  const std::string cases = LERND_CASES;
  json wrong = json::parse(std::ifstream(cases + "/enrolment-reconciliation/01-seed-sample-event.json"));
  wrong["expect"]["metrics"]["db-read-count"] = 7;
  const auto path = file("wrong.json", wrong.dump());
  const auto good = cases + "/enrolment-reconciliation/03-full-completion.json";
  for (const auto* on : {"memory", "file"}) {
    const auto run = lernd({"test", "--on", on, path, good});
    EXPECT_EQ(run.code, 1);
    EXPECT_TRUE(contains(run.out, "metrics db-read-count\n    expected  7\n    found     2")) << run.out;
    EXPECT_TRUE(contains(run.out, "1 passed, 1 failed")) << run.out;
  }
  EXPECT_EQ(lernd({"test", good}).code, 0);
  EXPECT_EQ(lernd({"test", folder_.file("none.json")}).code, 2);
}

TEST_F(CliTest, DemoEndsWithTablesAndCommandsThatWork) {
  // A name that a shell would take apart.
  const auto demo = lernd({"demo", "--file", folder_.file("the school's file.sqlite"), "--events", "200"});
  EXPECT_EQ(demo.code, 0) << demo.err;
  for (const auto* part : {"1000 learners", "5 courses published", "50 accounts merged", "Our Rivers", "certificates", "events/s", "MiB of memory"}) {
    EXPECT_TRUE(contains(demo.out, part)) << part << "\n" << demo.out;
  }
  for (const auto* part : {"100 %  5 of 5 events", "100 %  50 of 50 events"}) EXPECT_TRUE(contains(demo.err, part)) << part << "\n" << demo.err;
  EXPECT_FALSE(contains(demo.out + demo.err, "\r")) << "a bar without a terminal";

  std::istringstream lines(demo.out.substr(demo.out.find("To look further")));
  std::size_t commands = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("    ")) continue;
    ++commands;
    // The one that would run on is given an end, and a port that is free.
    if (const auto port = line.find("127.0.0.1:9250"); port != std::string::npos) line.replace(port, std::string::npos, "127.0.0.1:0 --until-end");
    const auto done = run({.words = {"/bin/sh", "-c", line}}, kLimit);
    EXPECT_EQ(done.code, 0) << line << "\n" << done.err;
    EXPECT_FALSE((done.out + done.err).empty()) << line;
  }
  EXPECT_EQ(commands, 4U) << demo.out;
}

TEST_F(CliTest, DemoLeavesAFileThatIsThereAlone) {
  const auto taken = file("taken.sqlite", "mine");
  const auto demo = lernd({"demo", "--file", taken});
  EXPECT_EQ(demo.code, 2);
  EXPECT_TRUE(contains(demo.err, "is there already; give --file a name that is free")) << demo.err;
}

#ifdef LERND_WITH_SERVICES
TEST_F(CliTest, AServiceThatIsAwayIsWaitedFor) {
  // Port 1 has no server.
  Process process(
      lernd_command({"run", kJob, "--set", "lms-cassandra.host=127.0.0.1", "--set", "lms-cassandra.port=1", "--set", "kafka.broker-servers=127.0.0.1:1",
                     "--set", "redis.port=1", "--set", "lernd.kafka.request_timeout_ms=500", "--http", "127.0.0.1:0"}));
  ASSERT_TRUE(process.wait_for_output("waiting for a service", kLimit)) << process.err();
  const auto port = std::stoi(process.err().substr(process.err().find("http://127.0.0.1:") + 17));
  httplib::Client client("127.0.0.1", port);
  EXPECT_EQ(client.Get("/health/live")->status, 200);
  const auto ready = client.Get("/health/ready");
  EXPECT_EQ(ready->status, 503);
  EXPECT_TRUE(contains(ready->body, "lms-cassandra")) << ready->body;
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(kLimit), 0) << process.err();
}

TEST_F(CliTest, ValidateNamesTheOptionOfEveryServiceThatIsAway) {
  const auto found = lernd({"validate", kJob, "--set", "lms-cassandra.port=1", "--set", "kafka.broker-servers=127.0.0.1:1", "--set", "redis.port=1", "--set",
                            "service.search.basePath=http://127.0.0.1:1/search", "--set", "lernd.kafka.request_timeout_ms=500"});
  EXPECT_EQ(found.code, 2);
  for (const auto* part : {"lms-cassandra.host", "kafka.broker-servers", "redis.host", "service.search.basePath", "4 faults"}) {
    EXPECT_TRUE(contains(found.out, part)) << part << "\n" << found.out;
  }
}
#endif

}  // namespace
}  // namespace lernd
