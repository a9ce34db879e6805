#include "jobs/user_deletion_cleanup/event.h"

#include "unit/jobs/user_deletion_cleanup/office.h"

namespace lernd::user_deletion_cleanup {
namespace {

using Ids = std::vector<std::string>;

TEST(DeletionEvent, WhatItSays) {
  const auto event = event_of({.user = "u 1", .organisation = "0130", .managed = {"m1", "m2"}});
  EXPECT_EQ(event.user_id, "u 1");
  EXPECT_EQ(event.organisation, "0130");
  EXPECT_EQ(event.managed, (Ids{"m1", "m2"}));
}

TEST(DeletionEvent, ManagedUsers) {
  EXPECT_EQ(event_of({.managed = {"m1", nullptr, 7, true, 1.5, Json::array({"x"}), Json::object(), "", "m1"}}).managed, (Ids{"m1", "7", "true", "1.5"}));
  for (const Json& none : {Json(), Json("m1"), Json(7), Json::object(), Json::array()}) EXPECT_TRUE(event_of({.managed = none}).managed.empty()) << none;
  Json event = Deleted().json();
  event["edata"].erase("managed_users");
  EXPECT_TRUE(read(record_of(event.dump()))->managed.empty());
}

TEST(DeletionEvent, WithoutAUserItIsSkipped) {
  for (const Json& id : {Json(), Json(""), Json(7), Json::array({"u1"}), Json("."), Json(".."), Json(std::string(1025, 'x'))}) {
    Json event = Deleted().json();
    event["edata"]["userId"] = id;
    const auto skipped = read(record_of(event.dump()));
    ASSERT_FALSE(skipped) << id;
    EXPECT_EQ(skipped.error().error.code, ErrorCode::not_for_this_job);
    EXPECT_FALSE(skipped.error().dead_letter);
  }
  for (const char* event : {"{}", R"({"edata":null})", R"({"edata":"x"})", R"({"edata":{}})"}) EXPECT_FALSE(read(record_of(event))) << event;
}

TEST(DeletionEvent, WhatIsNoJsonObjectIsADeadLetter) {
  for (const std::string bytes : {"", "not json", "[]", "null", "{\"edata\":"}) {
    const auto skipped = read(record_of(bytes));
    ASSERT_FALSE(skipped) << bytes;
    EXPECT_EQ(skipped.error().error.code, ErrorCode::malformed_record);
    EXPECT_TRUE(skipped.error().dead_letter);
  }
  EXPECT_FALSE(read(record_of(std::nullopt)));
}

TEST(DeletionEvent, AnOrganisationThatIsNoTextIsNone) {
  for (const Json& organisation : {Json(), Json(7), Json::array()}) {
    Json event = Deleted().json();
    event["edata"]["organisationId"] = organisation;
    EXPECT_EQ(read(record_of(event.dump()))->organisation, "");
  }
}

}  // namespace
}  // namespace lernd::user_deletion_cleanup
