// What events, profiles and documents say of a person besides ids must show nowhere.
#include "jobs/user_ownership_transfer/job.h"
#include "unit/jobs/user_ownership_transfer/town.h"

namespace lernd::user_ownership_transfer {
namespace {

const std::string kMark = "MARKED-";

Json marked_event() {
  Json event = Ordered().json();
  Json& edata = event["edata"];
  edata["actionBy"]["userName"] = kMark + "admin";
  edata["fromUserProfile"]["userName"] = kMark + "old";
  edata["fromUserProfile"]["channel"] = kMark + "channel";
  edata["toUserProfile"]["userName"] = kMark + "new";
  edata["toUserProfile"]["firstName"] = kMark + "first";
  edata["toUserProfile"]["lastName"] = kMark + "last";
  edata["assetInformation"] = {{"name", kMark + "asset"}, {"identifier", kMark + "asset"}, {"objectType", kMark + "type"}};
  return event;
}

Json marked_profile(const std::string& id, const std::string& organisation) {
  return {{"identifier", id}, {"rootOrgId", organisation}, {"firstName", kMark + "name"}, {"email", kMark + "mail"}, {"phone", kMark + "phone"}};
}

HttpAnswer marked(int status, const Json& profile) {
  return {
      .status = status,
      .body = Json{{"responseCode", kMark + "code"}, {"params", {{"err", kMark + "err"}, {"errmsg", kMark + "message"}}}, {"result", {{"response", profile}}}}
                  .dump()};
}

std::vector<Town> towns() {
  Town good = town();
  good.accounts["from"] = marked(200, marked_profile("from", "org"));
  good.accounts["to"] = marked(200, marked_profile("to", "org"));
  good.add_batch("c1", "b1", "from", {"from", kMark + "mentor"});
  good.documents["b1"]["description"] = kMark + "text";
  good.documents["b1"][kMark + "field"] = "x";
  std::vector<Town> all = {good};
  for (const int status : {200, 302, 400, 404, 500}) {
    all.push_back(good);
    all.back().accounts["from"] = marked(status, marked_profile("someone", "other"));
    all.push_back(good);
    all.back().accounts["to"] = marked(status, marked_profile("someone", "other"));
    all.push_back(good);
    all.back().search_answers["mentored"] = marked(status, kMark + "search");
  }
  all.push_back(good);
  all.back().accounts["to"] = {.status = 200, .body = kMark + "no json"};
  all.push_back(good);
  all.back().search_answers["created"] = {.status = 200, .body = kMark + "no json"};
  all.push_back(good);
  all.back().rows.clear();
  return all;
}

TEST(TransferPrivacy, NothingButIdsShows) {
  std::size_t plans = 0;
  std::size_t rejects = 0;
  for (Town& place : towns()) {
    const auto event = read(record_of(marked_event().dump()));
    ASSERT_TRUE(event);
    Facts facts;
    const Step step = place.run(*event, options_of(), &facts);
    std::string text;
    if (const Plan* plan = std::get_if<Plan>(&step)) {
      text = shown(*plan);
      ++plans;
    } else {
      const Error& error = std::get<Reject>(step).error;
      text = error.text + shown(parked(*event, facts, error, options_of()));
      ++rejects;
    }
    EXPECT_EQ(text.find(kMark), std::string::npos) << text;
  }
  EXPECT_GT(plans, 5u);
  EXPECT_GT(rejects, 5u);
}

TEST(TransferPrivacy, NothingOfABadRecordShowsInItsSkip) {
  const auto job = description().make(values_of());
  for (const std::string& bytes : {kMark, "{\"" + kMark + "\":", "[\"" + kMark + "\"]"}) {
    const auto event = read(record_of(bytes));
    ASSERT_FALSE(event);
    EXPECT_EQ((event.error().error.text + shown(job->skipped(event.error(), {}))).find(kMark), std::string::npos);
  }
}

}  // namespace
}  // namespace lernd::user_ownership_transfer
