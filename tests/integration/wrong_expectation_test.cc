// A test tool that cannot fail proves nothing: every kind of wrong expectation that a case file can hold, through `lernd test`.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <ostream>

#include "conformance/temporary_folder.h"
#include "integration/program.h"
#include "integration/vectors.h"

namespace lernd {
namespace {

using nlohmann::json;

const std::string kEnrolments = "/expect/tables/sunbird_courses.user_enrolments";
const std::string kAggregates = "/expect/tables/sunbird_courses.user_activity_agg";
const std::string kAudit = "/expect/topics/kafka.output.audit.topic";
const std::string kCertificates = "/expect/topics/kafka.output.certissue.topic";

json& at(json& vector, const std::string& pointer) { return vector[json::json_pointer(pointer)]; }

/// A case that passes, with one value of every kind the cache can hold beside what the job needs.
json completion() {
  json vector = case_named("enrolment-reconciliation", "03-full-completion");
  auto& keys = at(vector, "/redis/10");
  keys["text"] = "t";
  keys["hash"] = {{"field", "v"}};
  keys["set"] = {"a", "b"};
  vector["expect"]["redis"]["10"] = keys;
  return vector;
}

json search() { return case_named("enrolment-reconciliation", "10-missing-cache-live-collection"); }

/// One wrong expectation, and what `lernd test` has to print about it.
struct Wrong {
  const char* name;
  json (*base)();
  std::function<void(json&)> change;
  std::string says;
};

void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.name; }

class WrongExpectation : public testing::TestWithParam<Wrong> {};

Finished test_case(const json& vector) {
  const TemporaryFolder folder;
  std::ofstream(folder.file("case.json")) << vector;
  return lernd({"test", folder.file("case.json")});
}

TEST_P(WrongExpectation, FailsAndShowsTheDifference) {
  json vector = GetParam().base();
  const auto right = test_case(vector);
  ASSERT_EQ(right.code, 0) << right.out;
  GetParam().change(vector);
  const auto wrong = test_case(vector);
  EXPECT_EQ(wrong.code, 1);
  EXPECT_TRUE(wrong.out.contains("FAIL  ")) << wrong.out;
  EXPECT_TRUE(wrong.out.contains("case.json\n")) << wrong.out;
  EXPECT_TRUE(wrong.out.contains(GetParam().says)) << wrong.out << "\nexpected in it:\n" << GetParam().says;
  EXPECT_TRUE(wrong.out.ends_with("0 passed, 1 failed\n")) << wrong.out;
}

const std::string kRow =
    "tables sunbird_courses.user_enrolments (userid=\"7c1e7a52-0b4c-4d8e-9a61-2f0f5f3b1a01\", courseid=\"do_213900000000000100\", "
    "batchid=\"01390000000000001\") ";

std::string difference(const std::string& place, const std::string& expected, const std::string& found) {
  return "  " + place + "\n    expected  " + expected + "\n    found     " + found;
}

const Wrong kTables[] = {
    {"value", completion, [](json& v) { at(v, kEnrolments + "/0/status") = 1; }, difference(kRow + "status", "1", "2")},
    {"text", completion, [](json& v) { at(v, kEnrolments + "/0/enrolleddate") = "x"; },
     difference(kRow + "enrolleddate", "\"x\"", "\"2023-07-01 10:00:00:000+0000\"")},
    {"flag", completion, [](json& v) { at(v, kEnrolments + "/0/active") = false; }, difference(kRow + "active", "false", "true")},
    {"null_where_a_value_is", completion, [](json& v) { at(v, kEnrolments + "/0/progress") = nullptr; }, difference(kRow + "progress", "nothing", "2")},
    {"absent_where_a_value_is", completion, [](json& v) { at(v, kEnrolments + "/0").erase("progress"); }, difference(kRow + "progress", "nothing", "2")},
    {"value_where_null_is", completion, [](json& v) { at(v, kEnrolments + "/0/certstatus") = 0; }, difference(kRow + "certstatus", "0", "nothing")},
    {"any_where_null_is", completion, [](json& v) { at(v, kEnrolments + "/0/certstatus") = "$any"; }, difference(kRow + "certstatus", "\"$any\"", "nothing")},
    {"empty_map_where_entries_are", completion, [](json& v) { at(v, kEnrolments + "/0/contentstatus") = json::object(); }, kRow + "contentstatus\n"},
    {"map_entry_missing", completion, [](json& v) { at(v, kEnrolments + "/0/contentstatus/more") = 1; },
     difference(kRow + "contentstatus.more", "1", "nothing")},
    {"map_entry_too_many", completion, [](json& v) { at(v, kEnrolments + "/0/contentstatus").erase("do_213900000000000112"); },
     difference(kRow + "contentstatus.do_213900000000000112", "nothing", "2")},
    {"time", completion, [](json& v) { at(v, kEnrolments + "/0/completedon") = "2023-07-22T04:26:40.000Z"; },
     kRow + "completedon\n    expected  \"2023-07-22T04:26:40.000Z\"\n    found     \"20"},
    {"time_in_a_map", completion, [](json& v) { at(v, kAggregates + "/0/agg_last_updated/completedCount") = "2023-07-22T04:26:40.000Z"; },
     "agg_last_updated.completedCount\n    expected  \"2023-07-22T04:26:40.000Z\"\n    found     \"20"},
    {"row_missing", completion,
     [](json& v) {
       json row = at(v, kEnrolments + "/0");
       row["userid"] = "nobody";
       at(v, kEnrolments).push_back(row);
     },
     "(userid=\"nobody\", courseid=\"do_213900000000000100\", batchid=\"01390000000000001\") \n    expected  {"},
    {"row_too_many", completion, [](json& v) { at(v, kAggregates).erase(1); }, "activity_id=\"do_213900000000000201\""},
    {"same_row_twice", completion, [](json& v) { at(v, kEnrolments).push_back(at(v, kEnrolments + "/0")); }, "    found     no such row"},
    {"table_that_is_not_of_the_job", completion, [](json& v) { at(v, "/expect/tables/sunbird_courses.other") = json::array(); }, "has no table"},
};

const Wrong kCache[] = {
    {"text", completion, [](json& v) { at(v, "/expect/redis/10/text") = "u"; }, difference("redis 10 text", "\"u\"", "\"t\"")},
    {"hash_field", completion, [](json& v) { at(v, "/expect/redis/10/hash/field") = "w"; }, difference("redis 10 hash.field", "\"w\"", "\"v\"")},
    {"hash_field_too_many", completion, [](json& v) { at(v, "/expect/redis/10/hash") = json::object(); },
     difference("redis 10 hash.field", "nothing", "\"v\"")},
    {"set_member_missing", completion, [](json& v) { at(v, "/expect/redis/10/set") = {"a", "b", "c"}; }, difference("redis 10 set[2]", "\"c\"", "nothing")},
    {"set_member_too_many", completion, [](json& v) { at(v, "/expect/redis/10/set") = {"a"}; }, difference("redis 10 set[1]", "nothing", "\"b\"")},
    {"other_kind", completion, [](json& v) { at(v, "/expect/redis/10/set") = "a"; }, difference("redis 10 set", "\"a\"", "[\"a\",\"b\"]")},
    {"key_missing", completion, [](json& v) { at(v, "/expect/redis/10/more") = "x"; }, difference("redis 10 more", "\"x\"", "nothing")},
    {"key_too_many", completion, [](json& v) { at(v, "/expect/redis/10").erase("text"); }, difference("redis 10 text", "nothing", "\"t\"")},
    {"other_database", completion, [](json& v) { at(v, "/expect/redis/9") = {{"text", "t"}}; }, difference("redis 9 text", "\"t\"", "nothing")},
};

const Wrong kTopics[] = {
    {"value", completion, [](json& v) { at(v, kAudit + "/0/edata/type") = "other"; },
     difference("topics kafka.output.audit.topic [0].edata.type", "\"other\"", "\"enrol-complete\"")},
    {"number_for_text", completion, [](json& v) { at(v, kAudit + "/0/ver") = 3.0; }, difference("topics kafka.output.audit.topic [0].ver", "3.0", "\"3.0\"")},
    {"member_missing", completion, [](json& v) { at(v, kCertificates + "/0/edata/more") = 1; },
     difference("topics kafka.output.certissue.topic [0].edata.more", "1", "nothing")},
    {"null_where_nothing_is", completion, [](json& v) { at(v, kCertificates + "/0/edata/more") = nullptr; },
     difference("topics kafka.output.certissue.topic [0].edata.more", "null", "nothing")},
    {"member_too_many", completion, [](json& v) { at(v, kCertificates + "/0/edata").erase("reIssue"); },
     difference("topics kafka.output.certissue.topic [0].edata.reIssue", "nothing", "false")},
    {"list_in_another_order", completion, [](json& v) { at(v, kAudit + "/0/edata/props") = {"completedon", "status"}; },
     difference("topics kafka.output.audit.topic [0].edata.props[0]", "\"completedon\"", "\"status\"")},
    {"record_missing", completion, [](json& v) { at(v, kCertificates).push_back({{"eid", "MORE"}}); },
     difference("topics kafka.output.certissue.topic [1]", "{\"eid\":\"MORE\"}", "nothing")},
    {"record_too_many", completion, [](json& v) { at(v, kCertificates) = json::array(); }, "topics kafka.output.certissue.topic [0]\n    expected  nothing"},
    {"record_twice", completion, [](json& v) { at(v, kAudit).push_back(at(v, kAudit + "/0")); }, "topics kafka.output.audit.topic [1]\n    expected  {"},
    {"not_a_uuid", completion, [](json& v) { at(v, kAudit + "/0/eid") = "$uuid"; },
     difference("topics kafka.output.audit.topic [0].eid", "\"$uuid\"", "\"AUDIT\"")},
    {"not_a_time", completion, [](json& v) { at(v, kAudit + "/0/ver") = "$epoch_ms"; },
     difference("topics kafka.output.audit.topic [0].ver", "\"$epoch_ms\"", "\"3.0\"")},
    {"no_match", completion, [](json& v) { at(v, kAudit + "/0/eid") = "$regex:AUD"; },
     difference("topics kafka.output.audit.topic [0].eid", "\"$regex:AUD\"", "\"AUDIT\"")},
    {"option_that_is_no_topic", completion, [](json& v) { at(v, "/expect/topics/kafka.groupId") = json::array(); }, "is not the option of a topic"},
};

const Wrong kCalls[] = {
    {"missing", completion, [](json& v) { at(v, "/expect/http") = {{{"method", "GET"}, {"path", "/x"}}}; }, difference("http [0] ", "GET /x", "no call")},
    {"too_many", search, [](json& v) { at(v, "/expect/http") = json::array(); }, difference("http [0] ", "no call", "POST /search/v3/search")},
    {"method", search, [](json& v) { at(v, "/expect/http/0/method") = "GET"; }, difference("http [0] method", "\"GET\"", "\"POST\"")},
    {"path", search, [](json& v) { at(v, "/expect/http/0/path") = "/search"; }, difference("http [0] path", "\"/search\"", "\"/search/v3/search\"")},
    {"query", search, [](json& v) { at(v, "/expect/http/0/query") = "a=1"; }, difference("http [0] query", "\"a=1\"", "\"\"")},
    {"body", search, [](json& v) { at(v, "/expect/http/0/body/request/fields/0") = "name"; },
     difference("http [0] body.request.fields[0]", "\"name\"", "\"status\"")},
    {"body_member", search, [](json& v) { at(v, "/expect/http/0/body/more") = 1; }, difference("http [0] body.more", "1", "nothing")},
};

const Wrong kCounters[] = {
    {"value", completion, [](json& v) { at(v, "/expect/metrics/db-read-count") = 3; }, difference("metrics db-read-count", "3", "2")},
    {"not_counted", completion, [](json& v) { at(v, "/expect/metrics/failed-events-count") = 1; }, difference("metrics failed-events-count", "1", "0")},
    {"counted", completion, [](json& v) { at(v, "/expect/metrics/cert-issue-events-count") = 0; }, difference("metrics cert-issue-events-count", "0", "1")},
    {"unknown", completion, [](json& v) { at(v, "/expect/metrics/total-event-count") = 0; }, "has no counter total-event-count"},
    {"success_for_a_failure", search, [](json& v) { at(v, "/expect").erase("failed"); }, difference("failed", "none", "0")},
    {"failure_for_a_success", completion, [](json& v) { at(v, "/expect/failed") = {0}; }, difference("failed", "0", "none")},
};

const Wrong kForms[] = {
    {"section", completion, [](json& v) { at(v, "/tabels") = json::object(); }, "the case has the unknown member \"tabels\""},
    {"section_of_other_jobs", completion, [](json& v) { at(v, "/expect/search/course-batch") = json::array(); }, "has no search index course-batch"},
    {"part_of_a_call", search, [](json& v) { at(v, "/expect/http/0/status") = 200; }, "the unknown member \"status\""},
    {"part_of_a_stub", search, [](json& v) { at(v, "/http/0/delay") = 1; }, "the unknown member \"delay\""},
    {"option", completion, [](json& v) { at(v, "/config/kafka.groupid") = "g"; }, "did you mean kafka.groupId?"},
    {"column", completion, [](json& v) { at(v, "/tables/sunbird_courses.user_enrolments/0/colour") = "red"; }, "no column colour"},
    {"type_of_a_column", completion, [](json& v) { at(v, "/tables/sunbird_courses.user_enrolments/0/status") = "1"; }, "column status"},
    {"job", completion, [](json& v) { at(v, "/job") = "other"; }, "there is no job other"},
    {"no_expectation", completion, [](json& v) { v.erase("expect"); }, "expect is missing"},
    {"no_input", completion, [](json& v) { v.erase("input"); }, "input is missing"},
    {"regular_expression", completion, [](json& v) { at(v, kAudit + "/0/eid") = "$regex:("; }, "is not a regular expression"},
    {"position_behind_the_input", completion, [](json& v) { at(v, "/expect/failed") = {1}; }, "names message 1"},
};

const auto kName = [](const testing::TestParamInfo<Wrong>& wrong) { return std::string(wrong.param.name); };
INSTANTIATE_TEST_SUITE_P(Tables, WrongExpectation, testing::ValuesIn(kTables), kName);
INSTANTIATE_TEST_SUITE_P(Cache, WrongExpectation, testing::ValuesIn(kCache), kName);
INSTANTIATE_TEST_SUITE_P(Topics, WrongExpectation, testing::ValuesIn(kTopics), kName);
INSTANTIATE_TEST_SUITE_P(Calls, WrongExpectation, testing::ValuesIn(kCalls), kName);
INSTANTIATE_TEST_SUITE_P(Counters, WrongExpectation, testing::ValuesIn(kCounters), kName);
INSTANTIATE_TEST_SUITE_P(Forms, WrongExpectation, testing::ValuesIn(kForms), kName);

}  // namespace
}  // namespace lernd
