#include "app/plan_events.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "adapters/embedded/http_stub.h"
#include "app/schema.h"

namespace lernd {
namespace {

using nlohmann::json;

std::string request(const std::string& user) {
  return json{{"edata", {{"action", "user-enrolment-sync"}, {"userId", user}, {"courseId", "c"}, {"batchId", "b"}}}}.dump();
}

class PlanEventsTest : public testing::Test {
 protected:
  PlanEventsTest() {
    auto setups = set_up_jobs({.jobs = {"enrolment-reconciliation"}, .embedded = "memory"});
    setup_ = std::make_unique<JobSetup>(std::move(setups.jobs.front()));
    database_ = EmbeddedDatabase::open(":memory:").value();
    services_ = make_embedded_services(database_, *setup_->job, setup_->values);
    EXPECT_TRUE(apply_schema(*setup_, *services_, true));
    auto ports = services_->open().value();
    const auto& keyspace = setup_->values.text("lms-cassandra.keyspace");
    const RowGroup rows{{.table = {keyspace, "user_content_consumption"},
                         .key = {{"userid", "u"}, {"courseid", "c"}, {"batchid", "b"}, {"contentid", "x"}},
                         .set = {{"status", 2}}},
                        {.table = {keyspace, "user_enrolments"}, .key = {{"userid", "u"}, {"courseid", "c"}, {"batchid", "b"}}, .set = {{"status", 1}}}};
    const TimedGroup group{&rows, {1}};
    EXPECT_TRUE(ports.tables->write({&group, 1}).front());
    const CacheGroup sets{{.kind = CacheWrite::Kind::put_set, .cache = {"redis", 10}, .key = "c:c:leafnodes", .value = {.members = {"x"}}}};
    EXPECT_TRUE(ports.cache->write({&sets, 1}).front());
    EXPECT_TRUE(ports.tables->flush());
  }

  std::vector<std::string> plan(const std::vector<PlanRecord>& records, PlanFormat format) {
    auto texts = plan_records(*setup_, *services_, records, format);
    EXPECT_TRUE(texts) << texts.error().text;
    return texts.value_or(std::vector<std::string>());
  }

  std::unique_ptr<JobSetup> setup_;
  std::shared_ptr<EmbeddedDatabase> database_;
  std::unique_ptr<Services> services_;
};

TEST_F(PlanEventsTest, ShowsWritesAndRecordsAndChangesNothing) {
  for (int again = 0; again < 2; ++again) {
    const auto texts = plan({{"here", {.value = request("u")}}}, PlanFormat::text);
    ASSERT_EQ(texts.size(), 1u);
    EXPECT_EQ(texts[0].substr(0, 11), "here: plan\n");
    // Completed both times: nothing was written by the first look.
    for (const auto* part : {"user_activity_agg", "user_enrolments", "status = 2", "local.issue.certificate.request", "count "}) {
      EXPECT_NE(texts[0].find(part), std::string::npos) << part << "\n" << texts[0];
    }
  }
  auto topics = services_->open_topics().value();
  EXPECT_TRUE(topics->read({setup_->values.text("kafka.output.certissue.topic"), 0}, {0}, 10)->empty());
}

TEST_F(PlanEventsTest, RemarksSayWhatALookAtTheRowsWouldNot) {
  const std::string about = "user nobody, course c, batch b";
  const auto text = plan({{"here", {.value = request("nobody")}}}, PlanFormat::text).at(0);
  EXPECT_NE(text.find("  remark an enrolment without any content row keeps its progress (" + about + ")\n"), std::string::npos) << text;
  const auto line = json::parse(plan({{"here", {.value = request("nobody")}}}, PlanFormat::json).at(0));
  ASSERT_EQ(line["remarks"].size(), 1u);
  EXPECT_EQ(line["remarks"][0]["about"], about);
}

TEST_F(PlanEventsTest, JsonHasOneLinePerRecord) {
  const auto texts = plan({{"here", {.value = request("u")}}, {"there", {.value = "{"}}}, PlanFormat::json);
  ASSERT_EQ(texts.size(), 2u);
  const auto first = json::parse(texts[0]);
  EXPECT_EQ(first["outcome"], "plan");
  EXPECT_EQ(first["record"], "here");
  EXPECT_EQ(first["counts"]["cert-issue-events-count"], 1);
  EXPECT_FALSE(first["plan"]["stages"].empty());
  const auto second = json::parse(texts[1]);
  EXPECT_EQ(second["outcome"], "skip");
  EXPECT_EQ(second["code"], "malformed_record");
}

TEST_F(PlanEventsTest, AnEventThatWouldBeParkedShowsWhatItLeavesBehind) {
  auto ports = services_->open().value();
  const CacheGroup gone{{.kind = CacheWrite::Kind::erase, .cache = {"redis", 10}, .key = "c:c:leafnodes"}};
  ASSERT_TRUE(ports.cache->write({&gone, 1}).front());
  const HttpStub nothing{.method = "POST", .path = "/search/v3/search", .status = 200, .body = R"({"result":{"count":0}})"};
  ASSERT_TRUE(put_http_stubs(*database_, {&nothing, 1}));
  const auto texts = plan({{"here", {.value = request("u")}}}, PlanFormat::text);
  EXPECT_NE(texts[0].find("parked as a dead letter"), std::string::npos) << texts[0];
  EXPECT_NE(texts[0].find("local.enrolment.reconciliation.failed"), std::string::npos) << texts[0];
}

TEST_F(PlanEventsTest, RecordsComeFromWhereTheGroupStandsOrFromWhereTold) {
  auto topics = services_->open_topics().value();
  std::vector<OutputRecord> records;
  for (const auto* user : {"a", "b", "c"}) records.push_back({.topic = setup_->values.text("kafka.input.topic"), .value = request(user)});
  ASSERT_TRUE(topics->produce(records, 0));
  const auto next = records_of_topic(*setup_, *services_, std::nullopt, 2);
  ASSERT_TRUE(next) << next.error().text;
  ASSERT_EQ(next->size(), 2u);
  EXPECT_EQ(next->front().place, "local.batch.enrolment.sync.request 0:0");
  const auto told = records_of_topic(*setup_, *services_, std::pair(0, Offset{2}), 10);
  ASSERT_TRUE(told);
  ASSERT_EQ(told->size(), 1u);
  EXPECT_EQ(told->front().record.value, request("c"));
  EXPECT_FALSE(records_of_topic(*setup_, *services_, std::pair(7, Offset{0}), 10));
}

TEST_F(PlanEventsTest, FilesHoldOneTextOrARecordPerLine) {
  const auto path = (std::filesystem::temp_directory_path() / ("lernd-plan-" + std::to_string(::getpid()))).string();
  std::ofstream(path) << "{\n \"a\": 1\n}\n";
  EXPECT_EQ(records_of_file(path)->size(), 1u);
  std::ofstream(path) << "{\"a\": 1}\n\n{\"broken\n{\"b\": 2}";
  const auto lines = records_of_file(path);
  ASSERT_EQ(lines->size(), 3u);
  EXPECT_EQ((*lines)[1].place, path + ":3");
  std::filesystem::remove(path);
  EXPECT_FALSE(records_of_file(path));
}

}  // namespace
}  // namespace lernd
