#include "jobs/course_progress/collection_status.h"

#include <gtest/gtest.h>

#include "core/json.h"

namespace lernd::course_progress {
namespace {

constexpr const char* kRetired = R"({"id":"api.v1.search","result":{"count":1,"content":[{"identifier":"do_1","status":"Retired"}]}})";

TEST(StatusQuery, AsksForOneCollection) {
  const auto query = status_query("http://search/v3/search", "do_1", std::chrono::seconds(60));
  EXPECT_EQ(query.service, "search");
  EXPECT_EQ(query.method, "POST");
  EXPECT_EQ(query.url, "http://search/v3/search");
  EXPECT_EQ(query.headers, (std::vector<Header>{{"Content-Type", "application/json"}}));
  EXPECT_EQ(query.body,
            R"({"request":{"filters":{"objectType":"Collection","identifier":"do_1","status":["Live","Unlisted","Retired"]},"fields":["status"]}})");
  EXPECT_EQ(query.remember, std::chrono::seconds(60));
}

TEST(StatusQuery, EscapesTheId) {
  const auto document = JsonDocument::parse(status_query("u", "do\"\\1", {}).body);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().find("request")->find("filters")->find("identifier")->text(), "do\"\\1");
}

TEST(StatusQuery, OnlyAStatusIsRemembered) {
  const auto keep = status_query("u", "do_1", std::chrono::seconds(60)).worth_keeping;
  ASSERT_NE(keep, nullptr);
  EXPECT_TRUE(keep({200, kRetired}));
  EXPECT_TRUE(keep({200, R"({"result":{"count":1,"content":[{"status":"Live"}]}})"}));
  EXPECT_FALSE(keep({200, R"({"result":{"count":0}})"}));
  EXPECT_FALSE(keep({200, R"({"result":{"count":1,"content":[{"status":""}]}})"}));
  EXPECT_FALSE(keep({500, kRetired}));
  EXPECT_FALSE(keep({200, "garbage"}));
}

TEST(CollectionStatus, IsThatOfTheFirstContent) {
  EXPECT_EQ(collection_status({200, kRetired}), "Retired");
  EXPECT_EQ(collection_status({200, R"({"result":{"count":1.0,"content":[{"status":"Live"},{"status":"Retired"}]}})"}), "Live");
}

TEST(CollectionStatus, IsEmptyWhenNothingIsPublished) {
  for (const auto* body : {"{}", R"({"result":null})", R"({"result":[]})", R"({"result":{}})", R"({"result":{"count":0,"content":[{"status":"Retired"}]}})",
                           R"({"result":{"count":-1,"content":[{"status":"Retired"}]}})", R"({"result":{"count":"1","content":[{"status":"Retired"}]}})",
                           R"({"result":{"count":1}})", R"({"result":{"count":1,"content":{}}})", R"({"result":{"count":1,"content":[]}})",
                           R"({"result":{"count":1,"content":["Retired"]}})", R"({"result":{"count":1,"content":[{"status":1}]}})"}) {
    EXPECT_EQ(collection_status({200, body}), "") << body;
  }
}

TEST(CollectionStatus, AnythingElseMayPass) {
  for (const HttpAnswer& answer : {HttpAnswer{500, kRetired}, HttpAnswer{204, ""}, HttpAnswer{0, ""}, HttpAnswer{200, ""}, HttpAnswer{200, "[]"},
                                   HttpAnswer{200, "{"}, HttpAnswer{200, "\"Retired\""}, HttpAnswer{200, "\xff"}}) {
    const auto status = collection_status(answer);
    ASSERT_FALSE(status) << answer.status << " " << answer.body;
    EXPECT_EQ(status.error().treatment, Treatment::retry);
    EXPECT_EQ(status.error().code, ErrorCode::bad_answer);
  }
}

}  // namespace
}  // namespace lernd::course_progress
