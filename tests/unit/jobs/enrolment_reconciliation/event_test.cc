#include "jobs/enrolment_reconciliation/event.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lernd::enrolment_reconciliation {
namespace {

Record record_of(std::optional<std::string> value) { return {.offset = {1}, .time = {}, .key = {}, .value = std::move(value), .headers = {}}; }

/// A request whose `edata` is what stands between the braces.
Record with_edata(const std::string& members) { return record_of(R"({"eid":"BE_JOB_REQUEST","edata":{)" + members + "}}"); }

constexpr const char* kIds = R"("userId":"u1","courseId":"do_1","batchId":"b1")";

void expect_request(const Record& record) {
  const auto read = enrolment_reconciliation::read(record);
  ASSERT_TRUE(read) << *record.value << ": " << read.error().error.text;
  EXPECT_EQ(read->enrolment, (course_progress::EnrolmentKey{"u1", "do_1", "b1"})) << *record.value;
  EXPECT_EQ(read->messages, 1u);
}

void expect_skip(const Record& record, ErrorCode code, bool dead_letter) {
  const auto read = enrolment_reconciliation::read(record);
  ASSERT_FALSE(read) << record.value.value_or("(tombstone)");
  EXPECT_EQ(read.error().error.treatment, Treatment::skip);
  EXPECT_EQ(read.error().error.code, code) << record.value.value_or("(tombstone)");
  EXPECT_EQ(read.error().dead_letter, dead_letter) << record.value.value_or("(tombstone)");
  EXPECT_FALSE(read.error().error.text.empty());
}

TEST(SyncRequest, OfTheSampleEvent) {
  const auto read = enrolment_reconciliation::read(record_of(R"({
    "eid": "BE_JOB_REQUEST", "ets": 1630308022461, "mid": "LP.1630308022461.5ee8b0b6-9a09-4a5c-9ef7-3e5d6ae2ee1f",
    "actor": {"type": "System", "id": "Course Batch Updater"}, "context": {"pdata": {"ver": "1.0", "id": "org.sunbird.platform"}},
    "object": {"type": "CourseBatchEnrolment", "id": "0131029098223779842_fbe926ac-a395-40e4-a65b-9b4f711d7642"},
    "edata": {"action": "user-enrolment-sync", "iteration": 1, "batchId": "0131029098223779842", "userId": "fbe926ac-a395-40e4-a65b-9b4f711d7642",
              "courseId": "do_21310287978188800014457"}})"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->enrolment, (course_progress::EnrolmentKey{"fbe926ac-a395-40e4-a65b-9b4f711d7642", "do_21310287978188800014457", "0131029098223779842"}));
}

TEST(SyncRequest, TheActionIgnoresCase) {
  for (const std::string action : {"user-enrolment-sync", "USER-ENROLMENT-SYNC", "User-Enrolment-Sync"}) {
    expect_request(with_edata(R"("action":")" + action + R"(",)" + kIds));
  }
}

TEST(SyncRequest, AnythingElseInTheEventIsIgnored) {
  const std::string edata = R"("edata":{"action":"user-enrolment-sync","iteration":"many",)" + std::string(kIds) + R"(,"more":[{}]})";
  for (const std::string& other :
       std::vector<std::string>{"", R"("eid":"OTHER",)", R"("eid":7,"ets":"now","mid":null,)", R"("actor":"x","context":[],"object":1,)",
                                R"("ets":123456789012345678901234567890,)", R"("ets":1e999,)", R"("note":"\ud83d",)"}) {
    expect_request(record_of("{" + other + edata + "}"));
  }
}

TEST(SyncRequest, IdsAreTakenAsTheyStand) {
  const auto read =
      enrolment_reconciliation::read(with_edata(R"("action":"user-enrolment-sync","userId":" u\"1 ","courseId":"\u0061é","batchId":"b\u0000\/")"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->enrolment, (course_progress::EnrolmentKey{" u\"1 ", "aé", std::string("b\0/", 3)}));
}

TEST(SyncRequest, ReadingIsLenientWhereTheReferenceIs) {
  const std::string plain = R"({"edata":{"action":"user-enrolment-sync",)" + std::string(kIds) + "}}";
  expect_request(record_of("\xef\xbb\xbf" + plain));
  expect_request(record_of("\n\t " + plain + " \r\n"));
  expect_request(with_edata(R"("action":"user\-enrolment\-sync","userId":"\u00751","courseId":"do\_1","batchId":"b1")"));
  expect_request(record_of(R"({"edata":7,"edata":{"action":"other","action":"user-enrolment-sync",)" + std::string(kIds) + "}}"));
}

TEST(SyncRequest, WhatIsNoJsonObjectIsSkippedAndKeptAsADeadLetter) {
  for (const std::string& bytes :
       std::vector<std::string>{"", " ", "null", "[]", "1", R"("text")", "{", R"({"edata":)", "not json", "{'edata':{}}", "{\"a\":\"\xff\"}",
                                std::string(600, '['), R"([{"edata":{"action":"user-enrolment-sync"}}])", "\xef\xbb\xbf"}) {
    expect_skip(record_of(bytes), ErrorCode::malformed_record, true);
  }
  expect_skip(record_of(std::nullopt), ErrorCode::malformed_record, true);
}

TEST(SyncRequest, WithoutEdataOrTheActionItIsNotForThisJob) {
  for (const std::string event :
       {"{}", R"({"edata":null})", R"({"edata":"x"})", R"({"edata":[]})", R"({"edata":1})", R"({"EDATA":{"action":"user-enrolment-sync"}})"}) {
    expect_skip(record_of(event), ErrorCode::not_for_this_job, false);
  }
  for (const std::string action : {"", R"("action":null,)", R"("action":"",)", R"("action":"other",)", R"("action":"user-enrolment-sync ",)", R"("action":7,)",
                                   R"("action":true,)", R"("action":["user-enrolment-sync"],)", R"("action":{},)"}) {
    expect_skip(with_edata(action + kIds), ErrorCode::not_for_this_job, false);
  }
}

TEST(SyncRequest, EachIdMustBeATextThatIsNotBlank) {
  for (const std::string missing : {"userId", "courseId", "batchId"}) {
    for (const std::string value : {"", "null", R"("")", R"("  ")", R"("\t\r\n")", "7", "0.5", "true", "[]", R"({"id":"u1"})"}) {
      std::string members = R"("action":"user-enrolment-sync")";
      for (const std::string id : {"userId", "courseId", "batchId"}) {
        if (id != missing) members += ",\"" + id + R"(":"x")";
      }
      if (!value.empty()) members += ",\"" + missing + "\":" + value;
      expect_skip(with_edata(members), ErrorCode::not_for_this_job, false);
    }
  }
}

TEST(SyncRequest, NoTextOfASkipHoldsData) {
  for (const std::string event :
       {R"({"edata":{"action":"secret"}})", R"({"edata":{"action":"user-enrolment-sync","userId":"secret","courseId":" "}})", "secret"}) {
    const auto read = enrolment_reconciliation::read(record_of(event));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().error.text.find("secret"), std::string::npos) << read.error().error.text;
  }
}

}  // namespace
}  // namespace lernd::enrolment_reconciliation
