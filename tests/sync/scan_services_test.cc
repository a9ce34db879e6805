// Scans of real tables: many rows, many ranges, a database that goes away.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "support/must.h"
#include "sync/stub_api.h"
#include "sync/sync_program.h"
#include "sync/table_world.h"

namespace lernd::sync {
namespace {

constexpr int kRows = 200'000;
const TableName kLarge{"sunbird_sync_scan", "user"};

class SyncScan : public testing::Test {
 protected:
  SyncScan() : servers_(Servers::from_environment()), tables_(servers_.cassandra()) {
    api_.play([this](const StubRequest& request) {
      for (const auto& id : ids_of(request)) ++sent_[id];
      return StubReply{.body = kAccepted};
    });
  }

  std::map<std::string, std::string> with(std::map<std::string, std::string> parameters) const {
    const auto& endpoint = tables_.endpoint();
    std::map<std::string, std::string> all{{"sunbird_cassandra_server", endpoint.host},
                                           {"sunbird_cassandra_port", std::to_string(endpoint.port)},
                                           {"sunbird_cassandra_username", endpoint.user},
                                           {"sunbird_cassandra_password", endpoint.password},
                                           {"sunbird_sync_api_endpoint", api_.url() + "/x"},
                                           {"sunbird_sync_id_file", ""},
                                           {"sunbird_sync_block_size", "20000"}};
    for (auto& [name, value] : parameters) all[name] = value;
    return all;
  }

  void fill_large() {
    if (must(tables_.store().describe(kLarge))) return;  // left by the test before
    must(tables_.store().create({.name = kLarge, .columns = {{"id", "text"}, {"status", "int"}}, .key = {"id"}}));
    std::vector<RowGroup> groups;
    for (int i = 0; i < kRows; ++i) groups.push_back({RowWrite{.table = kLarge, .key = {{"id", fmt::format("user-{}", i)}}, .set = {{"status", Value(1)}}}});
    for (auto& done : tables_.store().write(at_one_time(groups, {1}))) must(std::move(done));
  }

  void expect_each_once() const {
    ASSERT_EQ(sent_.size(), static_cast<std::size_t>(kRows));
    for (const auto& [id, count] : sent_) ASSERT_EQ(count, 1) << id;
  }

  const Servers servers_;
  TableWorld tables_;
  std::map<std::string, int> sent_;
  StubApi api_;
  SyncProgram program_;
};

TEST_F(SyncScan, EveryRowOfALargeTableOnce) {
  fill_large();
  for (const char* ranges : {"1", "64", "257"}) {
    sent_.clear();
    const auto finished = program_.run(
        with({{"sunbird_cassandra_keyspace", kLarge.keyspace}, {"sunbird_cassandra_scan_ranges", ranges}, {"sunbird_cassandra_page_size", "777"}}));
    ASSERT_EQ(finished.code, 0) << finished.err;
    expect_each_once();
    EXPECT_TRUE(program_.files("syncIds").empty());
  }
}

TEST_F(SyncScan, TheDatabaseIsRestartedInTheMiddle) {
  fill_large();
  Process process(program_.command(with({{"sunbird_cassandra_keyspace", kLarge.keyspace},
                                         {"sunbird_cassandra_page_size", "50"},
                                         {"sunbird_cassandra_timeout_ms", "3000"},
                                         {"sunbird_sync_retry_base_ms", "8000"},
                                         {"sunbird_sync_retry_cap_ms", "30000"},
                                         {"sunbird_sync_progress", "lines"}})));
  ASSERT_TRUE(process.wait_for_output("reading ids: ", std::chrono::seconds(60)));
  ASSERT_TRUE(program_.files("syncIds.csv.new").size() == 1 && sent_.empty()) << "the scan is over already";
  servers_.restart("cassandra");
  EXPECT_EQ(process.wait(std::chrono::seconds(180)), 0) << process.err();
  expect_each_once();
}

TEST_F(SyncScan, ASecondScanInTheSameFolderFailsAtOnce) {
  tables_.fill({{"sunbird.user", {{{"id", "a"}}, {{"id", "b"}}}}});
  Process first(program_.command(with({{"sunbird_sync_block_size", "1"}, {"sunbird_sync_sleep_time", "600000"}, {"sunbird_sync_progress", "lines"}})));
  ASSERT_TRUE(first.wait_for_output("1/2", std::chrono::seconds(60)));
  const auto second = program_.run(with({{"sunbird_sync_object_type", "organisation"}}));
  EXPECT_EQ(second.code, 2);
  EXPECT_TRUE(second.err.contains("another scan")) << second.err;
  first.kill();
  const auto rest = program_.run(with({{"sunbird_cassandra_server", "127.0.0.1:1"}}));
  EXPECT_EQ(rest.code, 0) << "a scan that is done needs no database: " << rest.err;
  EXPECT_EQ(sent_, (std::map<std::string, int>{{"a", 1}, {"b", 1}}));
}

TEST_F(SyncScan, CoursesOnceAndLearnersAsObjects) {
  tables_.fill({{"sunbird_courses.course_batch",
                 {{{"courseid", "c1"}, {"batchid", "b1"}}, {{"courseid", "c1"}, {"batchid", "b2"}}, {{"courseid", "c2"}, {"batchid", "b1"}}}},
                {"sunbird_courses.user_enrolments",
                 {{{"userid", "u1"}, {"courseid", "c1"}, {"batchid", "b1"}}, {{"userid", "u1"}, {"courseid", "c2"}, {"batchid", "b1"}}}}});
  EXPECT_EQ(program_.run(with({{"sunbird_sync_object_type", "batch"}})).code, 0);
  EXPECT_EQ(sent_, (std::map<std::string, int>{{"c1", 1}, {"c2", 1}}));
  sent_.clear();
  EXPECT_EQ(program_.run(with({{"sunbird_sync_object_type", "user_course"}})).code, 0);
  EXPECT_EQ(sent_, (std::map<std::string, int>{{R"({"userId":"u1"})", 1}}));
  sent_.clear();
  EXPECT_EQ(program_.run(with({{"sunbird_sync_object_type", "batch"}, {"sunbird_cassandra_column", "batchid"}})).code, 0);
  EXPECT_EQ(sent_, (std::map<std::string, int>{{"b1", 1}, {"b2", 1}}));
}

TEST_F(SyncScan, WhatIsWrongIsTold) {
  tables_.fill({{"sunbird.user", nlohmann::json::array()}});
  const auto told = [&](std::map<std::string, std::string> parameters, int code, const std::string& part) {
    const auto finished = program_.run(with(std::move(parameters)));
    EXPECT_EQ(finished.code, code) << finished.err;
    EXPECT_TRUE(finished.err.contains(part)) << finished.err;
  };
  told({}, 2, "sunbird.user");
  told({{"sunbird_cassandra_table", "none"}}, 3, "sunbird_cassandra_table");
  told({{"sunbird_cassandra_column", "none"}}, 3, "sunbird_cassandra_column");
  told({{"sunbird_cassandra_server", "127.0.0.1:1"}}, 3, "sunbird_cassandra_server");
  EXPECT_EQ(program_.report()["status"], "stopped");
  EXPECT_TRUE(api_.calls().empty());
}

}  // namespace
}  // namespace lernd::sync
