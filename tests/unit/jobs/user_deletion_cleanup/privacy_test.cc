// What is known of a deleted person, and the secrets of the identity provider, must show nowhere.
#include "jobs/user_deletion_cleanup/job.h"
#include "unit/jobs/user_deletion_cleanup/office.h"

namespace lernd::user_deletion_cleanup {
namespace {

const std::string kMark = "MARKED";

Json marked_profile(const std::string& id) {
  return {{"identifier", id},          {"rootOrgId", "org"},           {"email", kMark + "-mail"},
          {"phone", kMark + "-phone"}, {"externalId", kMark + "-ext"}, {"firstName", kMark}};
}

std::vector<Office> offices() {
  Office good;
  for (const char* id : {"u1", "m1"}) good.add_user(id);
  good.accounts["u1"] = account_answer(marked_profile("u1"));
  std::vector<Office> all = {good};
  for (const HttpAnswer& answer :
       {account_answer(marked_profile("someone")), HttpAnswer{.status = 400, .body = kMark}, HttpAnswer{.status = 404, .body = kMark},
        HttpAnswer{.status = 500, .body = kMark}, HttpAnswer{.status = 200, .body = kMark}, account_answer(kMark)}) {
    all.push_back(good);
    all.back().accounts["u1"] = answer;
  }
  for (const std::string call : {"TOKEN", "DELETE", "PUT"}) {
    for (const int status : {0, 200, 401, 500}) {
      all.push_back(good);
      all.back().failing[call] = status;
      all.back().failing["DELETE"] = status;
    }
  }
  all.push_back(good);
  all.back().tables["user"].clear();
  return all;
}

TEST(DeletionPrivacy, NothingOfAPersonShows) {
  const Options options = options_of(keycloak({{"kafka.output.audit.topic", "audit"}}));
  std::size_t plans = 0;
  std::size_t rejects = 0;
  for (Office& place : offices()) {
    const Deletion event = event_of({.managed = {"m1"}});
    Facts facts;
    const Step step = place.run(event, options, &facts);
    std::string text = shown(parked(event, facts, options));
    if (const Plan* plan = std::get_if<Plan>(&step)) {
      text += shown(*plan);
      ++plans;
    } else {
      text += std::get<Reject>(step).error.text;
      ++rejects;
    }
    EXPECT_EQ(text.find(kMark), std::string::npos) << text;
    EXPECT_EQ(text.find("token-"), std::string::npos) << text;
  }
  EXPECT_GT(plans, 10u);
  EXPECT_GE(rejects, 3u);
}

TEST(DeletionPrivacy, NothingOfABadRecordShowsInItsSkip) {
  for (const std::string& bytes : {kMark, "{\"" + kMark + "\":", std::string(R"({"edata":{"userId":["MARKED"],"userName":"MARKED"}})")}) {
    const auto event = read(record_of(bytes));
    ASSERT_FALSE(event);
    EXPECT_EQ(event.error().error.text.find(kMark), std::string::npos) << event.error().error.text;
  }
}

}  // namespace
}  // namespace lernd::user_deletion_cleanup
