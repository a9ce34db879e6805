#include "jobs/relation_cache_updater/event.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lernd::relation_cache_updater {
namespace {

Record record_of(std::optional<std::string> value) { return {.offset = {1}, .time = {}, .key = {}, .value = std::move(value), .headers = {}}; }

Record with_edata(const std::string& members) { return record_of(R"({"eid":"BE_JOB_REQUEST","edata":{)" + members + "}}"); }

constexpr const char* kAction = R"("action":"post-publish-process")";
constexpr const char* kMimeType = R"("mimeType":"application/vnd.ekstep.content-collection")";
constexpr const char* kIdentifier = R"("identifier":"do_1")";

std::string joined(const std::vector<std::string>& members) {
  std::string text;
  for (const auto& member : members) text += (text.empty() || member.empty() ? "" : ",") + member;
  return text;
}

void expect_skip(const Record& record, ErrorCode code) {
  const auto read = relation_cache_updater::read(record);
  ASSERT_FALSE(read) << record.value.value_or("(tombstone)");
  EXPECT_EQ(read.error().error.treatment, Treatment::skip);
  EXPECT_EQ(read.error().error.code, code) << record.value.value_or("(tombstone)");
  EXPECT_EQ(read.error().dead_letter, code == ErrorCode::malformed_record);
}

TEST(CollectionPublished, OfBothActionsAndAnyCaseOfTheMimeType) {
  for (const std::string action : {"post-publish-process", "relation-cache-update"}) {
    for (const std::string mime_type : {"application/vnd.ekstep.content-collection", "APPLICATION/VND.ekstep.Content-Collection"}) {
      const auto read = relation_cache_updater::read(with_edata(R"("action":")" + action + R"(","mimeType":")" + mime_type +
                                                                R"(","identifier":" do_1","contentType":"Course","pkgVersion":2.0,"status":7)"));
      ASSERT_TRUE(read) << action << " " << mime_type;
      EXPECT_EQ(read->collection_id, " do_1");
      EXPECT_EQ(read->messages, 1u);
    }
  }
}

TEST(CollectionPublished, TheActionHasItsExactCase) {
  for (const std::string action :
       {R"("Post-Publish-Process")", R"("publish")", R"("")", R"("post-publish-process ")", "null", "7", R"(["relation-cache-update"])"}) {
    expect_skip(with_edata(joined({"\"action\":" + action, kMimeType, kIdentifier})), ErrorCode::not_for_this_job);
  }
  expect_skip(with_edata(joined({kMimeType, kIdentifier})), ErrorCode::not_for_this_job);
}

TEST(CollectionPublished, OtherMimeTypesAreSkipped) {
  for (const std::string type : {R"("application/pdf")", R"("")", "null", "1", R"({})"}) {
    expect_skip(with_edata(joined({kAction, "\"mimeType\":" + type, kIdentifier})), ErrorCode::not_for_this_job);
  }
  expect_skip(with_edata(joined({kAction, kIdentifier})), ErrorCode::not_for_this_job);
}

TEST(CollectionPublished, TheIdentifierIsATextThatIsNotBlank) {
  for (const std::string id : {R"("")", R"("  ")", "null", "1", "true", R"(["do_1"])"}) {
    expect_skip(with_edata(joined({kAction, kMimeType, "\"identifier\":" + id})), ErrorCode::not_for_this_job);
  }
  expect_skip(with_edata(joined({kAction, kMimeType})), ErrorCode::not_for_this_job);
}

TEST(CollectionPublished, WhatIsNoJsonObjectIsADeadLetter) {
  for (const std::string bytes : {"", "{broken", "[]", "null"}) expect_skip(record_of(bytes), ErrorCode::malformed_record);
  expect_skip(record_of(std::nullopt), ErrorCode::malformed_record);
  expect_skip(record_of(R"({"eid":"BE_JOB_REQUEST"})"), ErrorCode::not_for_this_job);
}

}  // namespace
}  // namespace lernd::relation_cache_updater
