// The admin pages of the program at work: what a Prometheus server, a load balancer and a console get to read.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cmath>
#include <csignal>
#include <map>
#include <regex>
#include <sstream>

#include "fault/reconciliation_world.h"
#include "integration/program.h"
#include "support/seed.h"

namespace lernd {
namespace {

using namespace std::chrono_literals;

constexpr int kRequests = 120;

/// The text format of Prometheus, read as strictly as its servers do. Source: "Exposition formats" of the Prometheus documentation.
struct Exposition {
  std::map<std::string, std::string> types;
  std::map<std::string, double> samples;  ///< name with labels, as written

  explicit Exposition(const std::string& text) {
    static const std::regex kHelp(R"re(# HELP [a-zA-Z_:][a-zA-Z0-9_:]* .+)re");
    static const std::regex kType(R"re(# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped))re");
    static const std::regex kSample(
        R"re((([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_][a-zA-Z0-9_]*="[^"\\\n]*"(,[a-zA-Z_][a-zA-Z0-9_]*="[^"\\\n]*")*\})?) ([0-9.eE+-]+|NaN|[+-]Inf))re");
    EXPECT_TRUE(text.ends_with('\n'));
    std::istringstream lines(text);
    std::smatch parts;
    for (std::string line; std::getline(lines, line);) {
      if (std::regex_match(line, parts, kType)) {
        EXPECT_TRUE(types.emplace(parts[1], parts[2]).second) << "twice: " << line;
      } else if (std::regex_match(line, parts, kSample)) {
        EXPECT_TRUE(samples.emplace(parts[1], std::stod(parts[5])).second) << "twice: " << line;
        EXPECT_TRUE(types.contains(family(parts[2]))) << "a sample before the type of its family: " << line;
      } else {
        EXPECT_TRUE(std::regex_match(line, kHelp)) << "not of the format: " << line;
      }
    }
  }

  std::string family(const std::string& name) const {
    for (const std::string_view part : {"_bucket", "_sum", "_count"}) {
      if (!name.ends_with(part)) continue;
      const auto base = name.substr(0, name.size() - part.size());
      if (const auto type = types.find(base); type != types.end() && type->second == "histogram") return base;
    }
    return name;
  }

  double counter(const std::string& name) const {
    const auto found = samples.find("lernd_events_total{counter=\"" + name + "\",job=\"enrolment-reconciliation\"}");
    return found == samples.end() ? NAN : found->second;
  }
};

class Admin : public testing::Test {
 protected:
  bool all_done() const { return admin_.records_done() == kRequests + 1; }

  ReconciliationWorld world_{test_seed(), {.learners = 40, .requests = kRequests, .embedded = true}};
  Process process_{world_.command({"--http", "127.0.0.1:0"})};
  AdminClient admin_{process_};
};

TEST_F(Admin, MetricsHaveTheCountersOfTheReference) {
  ASSERT_TRUE(wait_until([&] { return all_done(); })) << process_.err();
  const auto answer = admin_.get("/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.type, "text/plain; version=0.0.4; charset=utf-8");
  const Exposition metrics(answer.body);
  for (const char* name : {"total-events-count", "skipped-events-count", "failed-events-count", "retired-consumption-events-count", "db-read-count",
                           "db-update-count", "cache-hit-count", "cache-miss-count", "enrolment-complete-count", "cert-issue-events-count"}) {
    EXPECT_FALSE(std::isnan(metrics.counter(name))) << name << " is missing\n" << answer.body;
  }
  EXPECT_EQ(metrics.counter("total-events-count"), kRequests + 1);
  EXPECT_GT(metrics.counter("skipped-events-count"), 0);
  EXPECT_GT(metrics.counter("cert-issue-events-count"), 0);
  EXPECT_EQ(metrics.counter("cert-issue-events-count"), static_cast<double>(world_.effects().records.at("kafka.output.certissue.topic").size()));
  EXPECT_EQ(metrics.counter("failed-events-count"), 0);
  EXPECT_EQ(metrics.types.at("lernd_events_total"), "counter");
  EXPECT_TRUE(std::ranges::any_of(metrics.types, [](const auto& type) { return type.second == "histogram"; }));
  EXPECT_TRUE(metrics.types.contains("lernd_lag_records")) << answer.body;

  // To read them changes nothing, as it did in the reference.
  const Exposition again(admin_.get("/metrics").body);
  for (const auto& [name, value] : metrics.samples) {
    if (metrics.types.at(metrics.family(name.substr(0, name.find('{')))) == "gauge") continue;
    ASSERT_TRUE(again.samples.contains(name)) << name;
    EXPECT_GE(again.samples.at(name), value) << name;
  }
}

TEST_F(Admin, JobsTellOfPartitionsLagRateAndErrors) {
  ASSERT_TRUE(wait_until([&] { return all_done() && admin_.job()["lag"] == 0; })) << process_.err();
  const auto answer = admin_.get("/jobs");
  EXPECT_EQ(answer.type, "application/json");
  const auto jobs = nlohmann::json::parse(answer.body);
  ASSERT_EQ(jobs.size(), 1u);
  const auto& job = jobs.at(0);
  EXPECT_EQ(job.at("job"), "enrolment-reconciliation");
  EXPECT_EQ(job.at("state"), "running");
  EXPECT_EQ(job.at("lag"), 0);
  EXPECT_EQ(job.at("records_done"), kRequests + 1);
  EXPECT_GT(job.at("records_per_second"), 0.0);
  EXPECT_EQ(job.at("last_error"), "");
  ASSERT_EQ(job.at("partitions").size(), 1u);
  const auto& partition = job.at("partitions").at(0);
  EXPECT_EQ(partition.at("topic"), world_.values().text("kafka.input.topic"));
  EXPECT_EQ(partition.at("partition"), 0);
  EXPECT_EQ(partition.at("lag"), 0);
  EXPECT_EQ(partition.at("state"), "running");
}

TEST_F(Admin, ReadyOnceItWorksAndThePageShowsTheJob) {
  ASSERT_TRUE(wait_until([&] { return admin_.get("/health/ready").status == 200; })) << process_.err();
  EXPECT_EQ(admin_.get("/health/ready").body, "ready\n");
  EXPECT_EQ(admin_.get("/health/live").status, 200);
  const auto page = admin_.get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(page.body.contains("enrolment-reconciliation")) << page.body;
  EXPECT_EQ(admin_.get("/elsewhere").status, 404);
  process_.signal(SIGTERM);
  EXPECT_EQ(process_.wait(kLimit), 0) << process_.err();
  EXPECT_EQ(admin_.get("/health/live").status, 0) << "somebody answers for a process that is gone";
}

// The lock of another writer stands for everything that may hold a worker up for good.
TEST(Stall, IsToldOfAndAsksForARestart) {
  ReconciliationWorld world(test_seed(), {.learners = 10, .requests = 20, .embedded = true});
  const std::string file = world.values().text("lernd.embedded.file");
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  Process process(world.command({"--http", "127.0.0.1:0", "--set", "lernd.stall_limit_ms=1000"}));
  const AdminClient admin(process);
  ASSERT_TRUE(wait_until([&] { return admin.get("/health/live").status == 503; })) << process.err();
  ASSERT_TRUE(wait_until([&] { return process.err().contains("a worker does not move"); }));
  EXPECT_TRUE(process.err().contains("enrolment-reconciliation: a worker has been ")) << process.err();

  ASSERT_EQ(sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(other);
  EXPECT_TRUE(wait_until([&] { return admin.records_done() == 21 && admin.get("/health/live").body == "live\n"; })) << process.err();
}

}  // namespace
}  // namespace lernd
