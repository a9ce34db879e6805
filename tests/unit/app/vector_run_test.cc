#include "app/vectors/vector_run.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "app/line_log.h"
#include "app/vectors/vector_suite.h"
#include "jobs/registry.h"

namespace lernd {
namespace {

using nlohmann::json;

const std::string kCases = LERND_CASES;

json case_named(const std::string& name) { return json::parse(std::ifstream(kCases + "/enrolment-reconciliation/" + name + ".json")); }

/// Text of everything that differs, or of the error that kept the case from being run.
std::string trouble(const json& vector) {
  const auto log = make_line_log(LogLevel::error, LogFormat::text);
  const auto read = parse_vector_case(vector.dump(), "case.json");
  if (!read) return "refused: " + read.error().text;
  const auto world = make_embedded_world(":memory:");
  const auto differences = run_vector(*read, *world, *log);
  if (!differences) return "error: " + differences.error().text;
  std::string text;
  for (const auto& difference : *differences) text += describe(difference);
  return text;
}

TEST(VectorRunTest, EveryCasePassesInMemory) {
  std::vector<std::string> folders;
  for (const JobDescription& job : all_jobs()) folders.push_back(kCases + "/" + job.name);
  const auto files = find_case_files(folders);
  ASSERT_TRUE(files);
  ASSERT_GE(files->size(), 14u);
  const auto log = make_line_log(LogLevel::error, LogFormat::text);
  run_vectors(
      *files, [] { return make_embedded_world(":memory:"); }, *log,
      [](const VectorResult& result) {
        EXPECT_TRUE(result.passed()) << result.name << ": " << result.error << (result.differences.empty() ? "" : describe(result.differences.front()));
      });
}

/// One wrong expectation, and what the difference has to mention.
struct Wrong {
  const char* what;
  const char* base;
  std::function<void(json&)> change;
  const char* says;
};

const std::string kEnrolments = "/expect/tables/sunbird_courses.user_enrolments";

json& at(json& vector, const std::string& pointer) { return vector[json::json_pointer(pointer)]; }

TEST(VectorRunTest, EveryKindOfWrongExpectationIsFound) {
  const Wrong wrongs[] = {
      {"table cell", "03-full-completion", [](json& v) { at(v, kEnrolments + "/0/status") = 1; }, "status\n    expected  1\n    found     2"},
      {"missing row", "03-full-completion",
       [](json& v) {
         json row = at(v, kEnrolments + "/0");
         row["userid"] = "nobody";
         at(v, kEnrolments).push_back(row);
       },
       "no such row"},
      {"unexpected row", "03-full-completion", [](json& v) { at(v, kEnrolments) = json::array(); }, "no such row"},
      {"column that should be null", "01-seed-sample-event", [](json& v) { at(v, kEnrolments + "/0").erase("progress"); }, "progress"},
      {"map entry", "02-partial-progress-nested-units", [](json& v) { at(v, kEnrolments + "/0/contentstatus/more") = 1; }, "contentstatus.more"},
      {"cache key", "03-full-completion", [](json& v) { at(v, "/expect/redis") = {{"10", json::object()}}; }, "redis 10"},
      {"event", "03-full-completion", [](json& v) { at(v, "/expect/topics/kafka.output.audit.topic/0/eid") = "OTHER"; }, "[0].eid"},
      {"missing event", "01-seed-sample-event", [](json& v) { at(v, "/expect/topics/kafka.output.audit.topic").push_back("$any"); },
       "kafka.output.audit.topic"},
      {"unexpected event", "03-full-completion", [](json& v) { at(v, "/expect/topics/kafka.output.certissue.topic") = json::array(); },
       "kafka.output.certissue.topic"},
      {"missing call", "03-full-completion", [](json& v) { at(v, "/expect/http") = {{{"method", "POST"}}}; }, "no call"},
      {"unexpected call", "10-missing-cache-live-collection", [](json& v) { at(v, "/expect/http") = json::array(); }, "no call"},
      {"call body", "10-missing-cache-live-collection", [](json& v) { at(v, "/expect/http/0/body/request/fields/0") = "name"; }, "http [0] body"},
      {"counter", "03-full-completion", [](json& v) { at(v, "/expect/metrics/db-read-count") = 3; }, "metrics db-read-count"},
      {"failed message", "03-full-completion", [](json& v) { at(v, "/expect/failed") = {0}; }, "failed"},
      {"message that should not fail", "10-missing-cache-live-collection", [](json& v) { at(v, "/expect/failed") = json::array(); }, "failed"},
      {"unknown section", "03-full-completion", [](json& v) { at(v, "/expect/searches") = json::object(); }, "refused"},
      {"unknown index", "03-full-completion", [](json& v) { at(v, "/expect/search/other") = json::array(); }, "error: the job"},
      {"unknown index before", "03-full-completion", [](json& v) { at(v, "/search/other") = json::array(); }, "error: the job"},
      {"unknown table", "03-full-completion", [](json& v) { at(v, "/expect/tables/sunbird_courses.other") = json::array(); }, "error: the job"},
      {"unknown topic", "03-full-completion", [](json& v) { at(v, "/expect/topics/kafka.output.other") = json::array(); }, "error: expect topics"},
      {"unknown counter", "03-full-completion", [](json& v) { at(v, "/expect/metrics/total-event-count") = 0; }, "error: the job"},
      {"unknown option", "03-full-completion", [](json& v) { at(v, "/config/kafka.groupid") = "g"; }, "did you mean kafka.groupId?"},
      {"unknown column", "03-full-completion", [](json& v) { at(v, "/tables/sunbird_courses.user_enrolments/0/colour") = "red"; }, "no column colour"},
      {"wrong type", "03-full-completion", [](json& v) { at(v, "/tables/sunbird_courses.user_enrolments/0/status") = "1"; }, "does not fit"},
      {"unknown job", "03-full-completion", [](json& v) { at(v, "/job") = "other"; }, "there is no job other"},
  };
  for (const auto& wrong : wrongs) {
    json vector = case_named(wrong.base);
    ASSERT_EQ(trouble(vector), "") << wrong.base;
    wrong.change(vector);
    const auto text = trouble(vector);
    EXPECT_NE(text.find(wrong.says), std::string::npos) << wrong.what << " → " << text;
  }
}

TEST(VectorRunTest, TheReplayOfAMessageIsSeenByTheCase) {
  json vector = case_named("03-full-completion");
  vector["input"].push_back(vector["input"][0]);
  // The second message finds the enrolment completed: no second certificate, but one more message and its reads.
  const auto text = trouble(vector);
  EXPECT_NE(text.find("metrics total-events-count"), std::string::npos) << text;
  EXPECT_EQ(text.find("certissue"), std::string::npos) << text;
}

TEST(VectorRunTest, CaseFilesAreFoundBelowFolders) {
  EXPECT_FALSE(find_case_files({"/nowhere"}));
  EXPECT_FALSE(find_case_files({(std::filesystem::path(kCases) / "enrolment-reconciliation" / "..").string() + "/../support"}));
  EXPECT_EQ(find_case_files({kCases + "/enrolment-reconciliation/01-seed-sample-event.json"})->size(), 1u);
}

}  // namespace
}  // namespace lernd
