#include "jobs/job_request.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/jobs/rules_run.h"

namespace lernd {
namespace {

void expect_skip(const Record& record, ErrorCode code, bool dead_letter) {
  const auto request = read_job_request(record);
  ASSERT_FALSE(request) << record.value.value_or("(tombstone)");
  EXPECT_EQ(request.error().error.treatment, Treatment::skip);
  EXPECT_EQ(request.error().error.code, code) << record.value.value_or("(tombstone)");
  EXPECT_EQ(request.error().dead_letter, dead_letter) << record.value.value_or("(tombstone)");
  EXPECT_FALSE(request.error().error.text.empty());
}

TEST(JobRequest, EdataOutlivesTheRecord) {
  auto read = read_job_request(record_of(R"({"eid":"BE_JOB_REQUEST","edata":{"action":"a"}})"));
  ASSERT_TRUE(read);
  const JobRequest request = *std::move(read);
  EXPECT_EQ(request.edata.find("action")->text(), "a");
}

TEST(JobRequest, WhatIsNoObjectIsADeadLetter) {
  for (const std::string& bytes : std::vector<std::string>{"", " ", "null", "[]", "1", R"("text")", "{", "\"\xff\""}) {
    expect_skip(record_of(bytes), ErrorCode::malformed_record, true);
  }
  expect_skip(record_of(std::nullopt), ErrorCode::malformed_record, true);
}

TEST(JobRequest, WithoutEdataItIsForSomebodyElse) {
  for (const std::string event : {"{}", R"({"edata":null})", R"({"edata":[]})", R"({"edata":"{}"})"}) {
    expect_skip(record_of(event), ErrorCode::not_for_this_job, false);
  }
}

TEST(JobRequest, AnIdIsATextThatIsNotBlank) {
  const auto document = JsonDocument::parse(R"({"id":" u 1 ","blank":" \t\r\n","empty":"","number":1,"null":null})");
  ASSERT_TRUE(document);
  EXPECT_EQ(id_in(document->root(), "id"), " u 1 ");
  for (const auto* name : {"blank", "empty", "number", "null", "missing"}) EXPECT_EQ(id_in(document->root(), name), std::nullopt) << name;
}

TEST(JobRequest, CaseIsIgnoredInAsciiOnly) {
  EXPECT_TRUE(equal_ignoring_case("Post-Publish", "pOST-pUBLISH"));
  EXPECT_FALSE(equal_ignoring_case("post", "posts"));
  EXPECT_FALSE(equal_ignoring_case("@[`{", "`{@["));
  EXPECT_FALSE(equal_ignoring_case("É", "é"));
}

}  // namespace
}  // namespace lernd
