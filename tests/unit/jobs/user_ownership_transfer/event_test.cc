#include "jobs/user_ownership_transfer/event.h"

#include "unit/jobs/user_ownership_transfer/town.h"

namespace lernd::user_ownership_transfer {
namespace {

Transfer transfer_in(const Json& event) {
  auto read = user_ownership_transfer::read(record_of(event.dump()));
  EXPECT_TRUE(read) << event;
  return read ? *std::move(read) : Transfer();
}

TEST(TransferEvent, WhatItSays) {
  const auto event = event_of({.from = "a \"1\"", .to = "B", .organisation = "0139_1", .mid = "LP.1.x", .context = "User Deletion"});
  EXPECT_EQ(event.from, "a \"1\"");
  EXPECT_EQ(event.to, "B");
  EXPECT_EQ(event.organisation, "0139_1");
  ASSERT_EQ(event.requests.size(), 1u);
  EXPECT_EQ(event.requests[0].mid, "LP.1.x");
  EXPECT_EQ(event.requests[0].by, "admin");
  EXPECT_EQ(event.requests[0].context, "User Deletion");
  EXPECT_EQ(event.fault, "");
  EXPECT_EQ(event.asset, Asset());
}

TEST(TransferEvent, WhatIsNoJsonObjectIsADeadLetter) {
  for (const std::string bytes : {"", " ", "not json", "[]", "null", "42", "\"x\"", "{\"edata\":"}) {
    const auto event = read(record_of(bytes));
    ASSERT_FALSE(event) << bytes;
    EXPECT_EQ(event.error().error.code, ErrorCode::malformed_record);
    EXPECT_EQ(event.error().error.treatment, Treatment::skip);
    EXPECT_TRUE(event.error().dead_letter);
  }
  EXPECT_FALSE(read(record_of(std::nullopt)));
}

TEST(TransferEvent, IdsThatAreMissingOrNoTextsAreAFault) {
  for (const std::string who : {"fromUserProfile", "toUserProfile"}) {
    for (const Json& profile : {Json(), Json("x"), Json(7), Json::array(), Json::object(), Json{{"userId", nullptr}}, Json{{"userId", 7}}, Json{{"userId", ""}},
                                Json{{"userId", Json::array({"x"})}}}) {
      Json event = Ordered().json();
      event["edata"][who] = profile;
      const auto transfer = transfer_in(event);
      EXPECT_NE(transfer.fault.find(who), std::string::npos) << profile;
      EXPECT_EQ(transfer.requests.at(0).mid, "m1") << "it is told of in the log";
    }
  }
  for (const Json& edata : {Json(), Json("x"), Json::array(), Json::object(), Json{{"fromUserId", "a"}, {"toUserId", "b"}}}) {
    EXPECT_NE(transfer_in({{"edata", edata}}).fault, "") << edata;
  }
  EXPECT_NE(transfer_in(Json::object()).fault, "");
}

TEST(TransferEvent, IdsThatNoServiceCouldBeAskedAboutAreAFault) {
  for (const std::string& id : {std::string("."), std::string(".."), std::string(1025, 'x')}) {
    EXPECT_NE(event_of({.from = id}).fault, "");
    EXPECT_NE(event_of({.to = id}).fault, "");
  }
  EXPECT_EQ(event_of({.from = " ", .to = "a/b?c#d"}).fault, "");
}

TEST(TransferEvent, WhatElseIsOddIsNothing) {
  Json event = Ordered().json();
  event["mid"] = 7;
  event["edata"]["organisationId"] = Json::array();
  event["edata"]["actionBy"] = "x";
  event["edata"]["context"] = nullptr;
  event["edata"]["assetInformation"] = "x";
  const auto transfer = transfer_in(event);
  EXPECT_EQ(transfer.fault, "");
  EXPECT_EQ(transfer.organisation, "");
  EXPECT_EQ(transfer.requests.at(0).mid + transfer.requests.at(0).by + transfer.requests.at(0).context, "");
  EXPECT_EQ(transfer.asset, Asset());
}

TEST(TransferEvent, TheAssetItIsSentFor) {
  EXPECT_EQ(event_of({.asset = {{"objectType", "Course Batch"}, {"identifier", "b1"}, {"name", "x"}}}).asset,
            (Asset{.named = true, .type = "Course Batch", .id = "b1"}));
  EXPECT_EQ(event_of({.asset = {{"name", "x"}}}).asset, (Asset{.named = true, .type = "", .id = ""}));
  for (const Json& none : {Json(), Json::object(), Json::array({Json::object()})}) EXPECT_FALSE(event_of({.asset = none}).asset.named) << none;
}

}  // namespace
}  // namespace lernd::user_ownership_transfer
