#include "jobs/user_cache_updater/event.h"

#include "unit/jobs/user_cache_updater/user.h"

namespace lernd::user_cache_updater {
namespace {

using Json = nlohmann::json;

void expect_skip(const Record& record, ErrorCode code) {
  const auto event = read(record, options_of());
  ASSERT_FALSE(event) << record.value.value_or("(tombstone)");
  EXPECT_EQ(event.error().error.treatment, Treatment::skip);
  EXPECT_EQ(event.error().error.code, code) << record.value.value_or("(tombstone)");
  EXPECT_EQ(event.error().dead_letter, code == ErrorCode::malformed_record);
}

Change change_of(const Json& event, const Settings& settings = {}) {
  const auto read = user_cache_updater::read(record_of(event.dump()), options_of(settings));
  EXPECT_TRUE(read);
  return read ? read->changes.at(0) : Change();
}

TEST(UserAudited, WhatIsNoJsonObjectIsADeadLetter) {
  for (const std::string bytes : {"", "not json", "[1,2,3]", "null", "42", "\"text\"", "{\"object\":{\"id\":\"u1\"", "{]"}) {
    expect_skip(record_of(bytes), ErrorCode::malformed_record);
  }
  expect_skip(record_of(std::nullopt), ErrorCode::malformed_record);
}

TEST(UserAudited, TextBehindTheObjectIsIgnored) {
  const std::string event = Audit{.user = "a\\\"}{"}.json().dump();
  for (const std::string tail : {" ;;", "}", "{\"object\":1}", "\xff", "\n\nnull"}) {
    const auto read = user_cache_updater::read(record_of(event + tail), options_of());
    ASSERT_TRUE(read) << tail;
    EXPECT_EQ(read->user_id, "a\\\"}{");
  }
}

TEST(UserAudited, TheObjectIsAUserWithAnId) {
  for (const std::string type : {"user", "USER", "User", "uSeR"}) {
    Json event = Audit{.user = " U 1 "}.json();
    event["object"]["type"] = type;
    const auto read = user_cache_updater::read(record_of(event.dump()), options_of());
    ASSERT_TRUE(read) << type;
    EXPECT_EQ(read->user_id, " U 1 ") << "as it is";
  }
  for (const Json& object :
       {Json(), Json("u1"), Json{{"id", "u1"}}, Json{{"type", "User"}}, Json{{"id", ""}, {"type", "User"}}, Json{{"id", 7}, {"type", "User"}},
        Json{{"id", "u1"}, {"type", ""}}, Json{{"id", "u1"}, {"type", "Content"}}, Json{{"id", "u1"}, {"type", Json::array({"User"})}}}) {
    Json event = Audit().json();
    event["object"] = object;
    expect_skip(record_of(event.dump()), ErrorCode::not_for_this_job);
  }
}

TEST(UserAudited, ItTellsOfAState) {
  for (const Json& edata : {Json(), Json::object(), Json{{"state", nullptr}}, Json{{"state", 7}}, Json{{"state", Json::array()}}, Json("Update")}) {
    Json event = Audit().json();
    event["edata"] = edata;
    expect_skip(record_of(event.dump()), ErrorCode::not_for_this_job);
  }
}

TEST(UserAudited, StatesThatAreWanted) {
  for (const std::string state : {"create", "CREATED", "Update", "uPDATED"}) {
    EXPECT_TRUE(change_of(Audit{.state = state}.json()).wanted) << state;
    EXPECT_TRUE(change_of(Audit{.state = state}.json(), categories()).wanted) << state;
  }
  for (const std::string state : {"Delete", "deleted"}) {
    EXPECT_FALSE(change_of(Audit{.state = state}.json()).wanted) << state;
    EXPECT_TRUE(change_of(Audit{.state = state}.json(), categories()).wanted) << state;
  }
  for (const std::string state : {"", "LoggedIn", "Update "}) EXPECT_FALSE(change_of(Audit{.state = state}.json(), categories()).wanted) << state;
}

TEST(UserAudited, OnlyTheRegisteredProducerMakesTheProfileRead) {
  EXPECT_TRUE(event_of({}, options_of()).reads_profile);
  EXPECT_TRUE(event_of({.producer = "other"}, options_of({{"regd.user.producer.pid", "other"}})).reads_profile);
  EXPECT_FALSE(event_of({.state = "LoggedIn"}, options_of()).reads_profile);
  for (const std::string producer : {"", "Learner-Service", "sunbird.app"}) {
    const auto event = event_of({.producer = producer}, options_of());
    EXPECT_FALSE(event.reads_profile) << producer;
    EXPECT_FALSE(event.changes.at(0).passed_by) << producer;
  }
  EXPECT_TRUE(event_of({.producer = "userorg-service"}, options_of()).changes.at(0).passed_by);
  EXPECT_TRUE(event_of({}, options_of({{"regd.user.producer.pid", "userorg-service"}})).changes.at(0).passed_by);
}

TEST(UserAudited, TheLastEntryOfATypeCounts) {
  const auto change =
      change_of(Audit{.context = {{"SignupType", "google"}, {"UserRole", "teacher"}, {"signuptype", "sso"}, {"USERROLE", ""}, {"User", "x"}}}.json());
  EXPECT_EQ(change.sign_up, "sso");
  EXPECT_EQ(change.role, "");
}

TEST(UserAudited, AnIdThatIsNoTextIsTakenAsItsText) {
  const auto role_of = [](const Json& id) {
    Json event = Audit().json();
    event["context"]["cdata"] = Json::array({{{"type", "UserRole"}, {"id", id}}});
    return change_of(event).role;
  };
  EXPECT_EQ(role_of(7), "7");
  EXPECT_EQ(role_of(true), "true");
  EXPECT_EQ(role_of(Json()), std::nullopt);
  EXPECT_EQ(role_of(Json::array({"a"})), std::nullopt);
  EXPECT_EQ(role_of(Json::object()), std::nullopt);
}

TEST(UserAudited, OddContextDataIsNone) {
  for (const Json& cdata : {Json(), Json("x"), Json{{"type", "UserRole"}, {"id", "x"}}, Json::array({"x", nullptr, Json::array(), Json{{"type", "UserRole"}}}),
                            Json::array({Json{{"id", "x"}}, Json{{"type", 7}, {"id", "x"}}})}) {
    Json event = Audit().json();
    event["context"]["cdata"] = cdata;
    const auto change = change_of(event);
    EXPECT_EQ(change.sign_up, std::nullopt) << cdata;
    EXPECT_EQ(change.role, std::nullopt) << cdata;
  }
  for (const Json& context : {Json(), Json(7), Json::array()}) {
    Json event = Audit().json();
    event["context"] = context;
    EXPECT_TRUE(change_of(event).wanted);
  }
}

TEST(UserAudited, AProfileThatMayHaveChangedIsAnEventThatSaysNothingElse) {
  const UserAudited made = profile_changed("u1");
  const UserAudited read = event_of({.user = "u1"}, options_of());
  EXPECT_EQ(made.user_id, read.user_id);
  EXPECT_EQ(made.reads_profile, read.reads_profile);
  ASSERT_EQ(made.changes.size(), read.changes.size());
  EXPECT_EQ(made.changes[0].wanted, read.changes[0].wanted);
  EXPECT_EQ(made.changes[0].passed_by, read.changes[0].passed_by);
  EXPECT_EQ(made.changes[0].sign_up, read.changes[0].sign_up);
  EXPECT_EQ(made.changes[0].role, read.changes[0].role);
}

}  // namespace
}  // namespace lernd::user_cache_updater
