#include "jobs/activity_aggregate_updater/event.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lernd::activity_aggregate_updater {
namespace {

using Ids = std::vector<std::string>;

Record record_of(std::optional<std::string> value) { return {.offset = {1}, .time = {}, .key = {}, .value = std::move(value), .headers = {}}; }

Record with_edata(const std::string& members) { return record_of(R"({"eid":"BE_JOB_REQUEST","edata":{)" + members + "}}"); }

constexpr const char* kAction = R"("action":"batch-enrolment-update")";
constexpr const char* kIds = R"("userId":"u1","courseId":"do_1","batchId":"b1")";

Record with_contents(const std::string& contents) { return with_edata(std::string(kAction) + "," + kIds + ",\"contents\":" + contents); }

Ids contents_in(const std::string& contents) {
  const auto read = activity_aggregate_updater::read(with_contents(contents));
  return read ? read->contents : Ids{"(skipped)"};
}

void expect_skip(const Record& record, ErrorCode code) {
  const auto read = activity_aggregate_updater::read(record);
  ASSERT_FALSE(read) << record.value.value_or("(tombstone)");
  EXPECT_EQ(read.error().error.treatment, Treatment::skip);
  EXPECT_EQ(read.error().error.code, code) << record.value.value_or("(tombstone)");
  EXPECT_EQ(read.error().dead_letter, code == ErrorCode::malformed_record);
}

TEST(ContentsFinished, NameTheEnrolmentAndItsItems) {
  const auto read =
      activity_aggregate_updater::read(with_contents(R"([{"contentId":"c2","status":2},{"contentId":"c1","status":2},{"contentId":"c2","status":2}])"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->enrolment, (course_progress::EnrolmentKey{"u1", "do_1", "b1"}));
  EXPECT_EQ(read->contents, (Ids{"c2", "c1", "c2"})) << "each entry is an item";
  EXPECT_EQ(read->messages, 1u);
}

TEST(ContentsFinished, OnlyTheNumberTwoIsFinished) {
  for (const std::string two : {"2", "2.0", "2e0", "0.2e1", "200e-2"}) EXPECT_EQ(contents_in(R"([{"contentId":"c1","status":)" + two + "}]"), Ids{"c1"}) << two;
  for (const std::string other : {"1", "0", "3", "2.1", "-2", R"("2")", "null", "true", "[2]"}) {
    EXPECT_EQ(contents_in(R"([{"contentId":"c1","status":)" + other + "}]"), Ids{"(skipped)"}) << other;
  }
  EXPECT_EQ(contents_in(R"([{"contentId":"c1"},{"contentId":"c2","status":2,"lastAccessTime":7}])"), Ids{"c2"});
}

TEST(ContentsFinished, EntriesWithoutAContentAreIgnored) {
  for (const std::string id : {R"("contentId":"",)", R"("contentId":" ",)", R"("contentId":null,)", R"("contentId":7,)", ""}) {
    EXPECT_EQ(contents_in("[{" + id + R"("status":2},{"contentId":"c1","status":2}])"), Ids{"c1"}) << id;
    EXPECT_EQ(contents_in("[{" + id + R"("status":2}])"), Ids{"(skipped)"}) << id;
  }
  EXPECT_EQ(contents_in(R"([null,7,"c1",["c1"],{"contentId":"c1","status":2}])"), Ids{"c1"});
}

TEST(ContentsFinished, WithoutContentsTheRecordIsSkipped) {
  for (const std::string contents : {"[]", "null", "{}", R"({"contentId":"c1","status":2})", R"("c1")", "2"}) {
    expect_skip(with_contents(contents), ErrorCode::not_for_this_job);
  }
  expect_skip(with_edata(std::string(kAction) + "," + kIds), ErrorCode::not_for_this_job);
}

TEST(ContentsFinished, TheActionIgnoresCase) {
  constexpr const char* kContents = R"(,"contents":[{"contentId":"c1","status":2}])";
  for (const std::string action : {"batch-enrolment-update", "Batch-Enrolment-UPDATE"}) {
    EXPECT_TRUE(activity_aggregate_updater::read(with_edata(R"("action":")" + action + "\"," + kIds + kContents))) << action;
  }
  for (const std::string action : {R"("user-enrolment-sync")", R"("")", "null", "2"}) {
    expect_skip(with_edata("\"action\":" + action + "," + kIds + kContents), ErrorCode::not_for_this_job);
  }
}

TEST(ContentsFinished, EachIdMustBeATextThatIsNotBlank) {
  for (const std::string missing : {"userId", "courseId", "batchId"}) {
    for (const std::string value : {"", "null", R"("")", R"("  ")", "17"}) {
      std::string members = std::string(kAction) + R"(,"contents":[{"contentId":"c1","status":2}])";
      for (const std::string id : {"userId", "courseId", "batchId"}) {
        if (id != missing) members += ",\"" + id + R"(":"x")";
      }
      if (!value.empty()) members += ",\"" + missing + "\":" + value;
      expect_skip(with_edata(members), ErrorCode::not_for_this_job);
    }
  }
}

TEST(ContentsFinished, WhatIsNoJsonObjectIsADeadLetter) {
  for (const std::string bytes : {"", "not json", R"({"edata":)", "[]", "null"}) expect_skip(record_of(bytes), ErrorCode::malformed_record);
  expect_skip(record_of(std::nullopt), ErrorCode::malformed_record);
  for (const std::string event : {R"({"eid":"X"})", R"({"edata":null})", R"({"edata":"batch-enrolment-update"})"}) {
    expect_skip(record_of(event), ErrorCode::not_for_this_job);
  }
}

}  // namespace
}  // namespace lernd::activity_aggregate_updater
