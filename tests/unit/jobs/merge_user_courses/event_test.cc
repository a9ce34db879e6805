#include "jobs/merge_user_courses/event.h"

#include <gtest/gtest.h>

namespace lernd::merge_user_courses {
namespace {

std::expected<MergeRequest, Skip> read_text(std::optional<std::string> value) {
  return read({.offset = {1}, .time = {}, .key = {}, .value = std::move(value), .headers = {}});
}

TEST(MergeRequest, OfTheSampleEvent) {
  const auto read = read_text(R"({
    "eid": "BE_JOB_REQUEST", "ets": 1648720639981, "mid": "LP.1648720639981.d6b1d8c8-7a4a-483a-b83a-b752bede648c",
    "actor": {"id": "Merge User Courses and Cert", "type": "System"}, "object": {"type": "MergeUserCoursesAndCert", "id": "68b764efd14bb3b534984649"},
    "edata": {"action": "merge-user-courses-and-cert", "fromAccountId": "b964d83a", "toAccountId": "191e6b5a", "rootOrgId": "0123", "iteration": 1}})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->source_id, "b964d83a");
  EXPECT_EQ(read->target_id, "191e6b5a");
  EXPECT_EQ(read->mid, "LP.1648720639981.d6b1d8c8-7a4a-483a-b83a-b752bede648c");
}

TEST(MergeRequest, IdsAreTakenAsTheyStand) {
  const auto read = read_text(R"({"edata":{"fromAccountId":" ","toAccountId":"A b","fromAccountId":"  "}})");
  ASSERT_TRUE(read) << "a blank id is an id";
  EXPECT_EQ(read->source_id, "  ") << "the last of two members";
  EXPECT_EQ(read->target_id, "A b");
  EXPECT_EQ(read->mid, "");
}

TEST(MergeRequest, AnythingElseInTheEventIsIgnored) {
  for (const char* head : {"", R"("mid":7,)", R"("mid":null,)", R"("eid":[],"ets":1e999,"actor":"x",)", R"("edata":null,)"}) {
    EXPECT_TRUE(read_text(std::string("{") + head + R"("edata":{"action":1,"iteration":[],"fromAccountId":"a","toAccountId":"b","more":{}}})")) << head;
  }
}

struct Refused {
  const char* text;
  Treatment treatment;
};

// The table of the specification's section 2.3, in its order.
TEST(MergeRequest, WhatIsSkippedAndWhatFails) {
  constexpr auto kFail = Treatment::reject;
  constexpr auto kSkip = Treatment::skip;
  const Refused all[] = {
      {"", kFail},
      {"nonsense", kFail},
      {R"({"edata":{"fromAccountId":"a","toAccountId":)", kFail},
      {"\"\xff\"", kFail},
      {"{\"edata\":{\"fromAccountId\":\"\xff\",\"toAccountId\":\"b\"}}", kFail},
      {"[]", kFail},
      {"7", kFail},
      {"null", kFail},
      {"{}", kFail},
      {R"({"edata":null})", kFail},
      {R"({"edata":[]})", kFail},
      {R"({"edata":"x"})", kFail},
      {R"({"edata":{}})", kSkip},
      {R"({"edata":{"toAccountId":"b"}})", kSkip},
      {R"({"edata":{"fromAccountId":"","toAccountId":7}})", kSkip},
      {R"({"edata":{"fromAccountId":null,"toAccountId":"b"}})", kSkip},
      {R"({"edata":{"fromaccountid":"a","toaccountid":"b"}})", kSkip},
      {R"({"edata":{"fromAccountId":7}})", kFail},
      {R"({"edata":{"fromAccountId":{},"toAccountId":""}})", kFail},
      {R"({"edata":{"fromAccountId":"a"}})", kSkip},
      {R"({"edata":{"fromAccountId":"a","toAccountId":""}})", kSkip},
      {R"({"edata":{"fromAccountId":"a","toAccountId":null}})", kSkip},
      {R"({"edata":{"fromAccountId":"a","toAccountId":7}})", kFail},
      {R"({"edata":{"fromAccountId":"a","toAccountId":true}})", kFail},
      {R"({"edata":{"fromAccountId":"a","toAccountId":"a"}})", kSkip},
  };
  for (const auto& [text, treatment] : all) {
    const auto read = read_text(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().error.treatment, treatment) << text;
    EXPECT_EQ(read.error().dead_letter, treatment == kFail) << text;
    EXPECT_EQ(read.error().error.code, treatment == kFail ? ErrorCode::malformed_record : ErrorCode::not_for_this_job) << text;
    EXPECT_FALSE(read.error().error.text.empty()) << text;
  }
  EXPECT_EQ(read_text(std::nullopt).error().error.treatment, kFail) << "a tombstone";
}

}  // namespace
}  // namespace lernd::merge_user_courses
