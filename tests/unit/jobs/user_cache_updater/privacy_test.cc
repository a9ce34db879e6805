// What a profile says of a person must show nowhere but in the cache.
#include "jobs/user_cache_updater/job.h"
#include "unit/jobs/user_cache_updater/user.h"

namespace lernd::user_cache_updater {
namespace {

using Json = nlohmann::json;

const std::string kMark = "MARKED-";

Json marked_profile() {
  const auto marked = [](const std::string& what) { return kMark + what; };
  return {{"firstName", marked("first")},
          {"lastName", marked("last")},
          {"email", marked("mail")},
          {"encEmail", marked("encmail")},
          {"phone", marked("phone")},
          {"encPhone", marked("encphone")},
          {"userId", marked("id")},
          {"language", {marked("language")}},
          {"rootOrg", {{"orgName", marked("org")}}},
          {"userLocations", {{{"type", marked("place")}, {"name", marked("place")}}, {{"type", "school"}, {"name", "{" + marked("school")}}}},
          {"profileUserTypes", {{{"type", marked("type")}}}},
          {"framework", {{"id", {marked("framework") + std::string(5000, 'x')}}}}};
}

std::vector<HttpAnswer> answers() {
  std::vector<HttpAnswer> answers = {answer_with(marked_profile())};
  for (const char* code : {"OK", "CLIENT_ERROR", "RESOURCE_NOT_FOUND", "SERVER_ERROR", "MARKED-code"}) {
    for (const std::string& err : {std::string("UOS_USRRED0006"), kMark + "err"}) {
      answers.push_back(
          {.status = 500,
           .body = Json{{"responseCode", code}, {"params", {{"err", err}, {"errmsg", kMark + "message"}}}, {"result", {{"other", marked_profile()}}}}.dump()});
    }
  }
  answers.push_back({.status = 200, .body = kMark + "no json"});
  answers.push_back({.status = 200, .body = Json{{"responseCode", "CLIENT_ERROR"}, {"result", marked_profile()}}.dump()});
  return answers;
}

TEST(Privacy, NothingOfAProfileShowsOutsideTheCache) {
  std::size_t plans = 0;
  std::size_t rejects = 0;
  for (const auto& options : {options_of(), options_of(categories())}) {
    for (const HttpAnswer& answer : answers()) {
      for (const std::string producer : {"learner-service", "userorg-service"}) {
        Services services;
        services.users["u1"] = answer;
        services.entries["user:u1"] = {{"state", kMark + "state"}, {"framework_x", kMark + "x"}, {kMark, kMark}};
        const UserAudited event = event_of({.producer = producer, .context = {{"UserRole", kMark + "role"}, {"SignupType", kMark + "type"}}}, options);
        Facts facts;
        const Step step = services.run(event, options, &facts);
        std::string text = shown(parked(event, facts, options));
        if (const Plan* plan = std::get_if<Plan>(&step)) {
          text += shown(*plan);
          ++plans;
        } else {
          const Reject& reject = std::get<Reject>(step);
          text += reject.error.text;
          for (const auto& [name, n] : reject.counts.all()) text += name;
          ++rejects;
        }
        EXPECT_EQ(text.find(kMark), std::string::npos) << text;
      }
    }
  }
  EXPECT_GT(plans, 10u);
  EXPECT_GT(rejects, 10u);
}

TEST(Privacy, NothingOfABadRecordShowsInItsSkip) {
  for (const std::string& bytes : {kMark, "{\"" + kMark + "\":", R"({"object":{"type":")" + kMark + R"(","id":"x"}})",
                                   R"({"object":{"type":"user","id":")" + kMark + R"("},"edata":{"state":["x"]}})"}) {
    const auto event = read({.offset = {}, .time = {}, .key = {}, .value = bytes, .headers = {}}, options_of());
    ASSERT_FALSE(event);
    EXPECT_EQ(event.error().error.text.find(kMark), std::string::npos) << event.error().error.text;
  }
}

}  // namespace
}  // namespace lernd::user_cache_updater
