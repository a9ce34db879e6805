#include "jobs/user_cache_updater/framework_read.h"

#include "unit/jobs/user_cache_updater/user.h"

namespace lernd::user_cache_updater {
namespace {

using Codes = std::vector<std::string>;

TEST(FrameworkRead, AsksOnceADay) {
  const auto query = categories_query(options_of(categories()), "a b");
  EXPECT_EQ(query.url, "http://frameworks/read/a%20b");
  EXPECT_EQ(query.remember, std::chrono::hours(24));
}

TEST(FrameworkRead, CodesInTheirOrder) {
  EXPECT_EQ(category_codes(framework_answer({"board", "gradeLevel"})), (Codes{"board", "gradeLevel"}));
  EXPECT_EQ(category_codes(
                {.status = 500, .body = R"({"responseCode":"ok","result":{"framework":{"categories":[{"code":"a"},{},{"code":7},null,"x",{"code":""}]}}})"}),
            Codes{"a"});
}

TEST(FrameworkRead, NoneIsNotKept) {
  const auto query = categories_query(options_of(categories()), "f");
  for (const auto& answer : {framework_answer({}), error_answer("RESOURCE_NOT_FOUND", "x"), error_answer("CLIENT_ERROR", "x"),
                             HttpAnswer{.status = 200, .body = R"({"responseCode":"OK","result":{}})"}}) {
    EXPECT_EQ(category_codes(answer), Codes()) << answer.body;
    EXPECT_FALSE(query.worth_keeping(answer)) << answer.body;
    EXPECT_FALSE(query.failure(answer)) << answer.body;
  }
  EXPECT_TRUE(query.worth_keeping(framework_answer({"a"})));
}

TEST(FrameworkRead, AServiceThatFailsIsNotTakenForNone) {
  const auto query = categories_query(options_of(categories()), "f");
  for (const auto& answer : {error_answer("SERVER_ERROR", "x"), HttpAnswer{.status = 200, .body = ""}, HttpAnswer{.status = 502, .body = "<html>"}}) {
    ASSERT_FALSE(category_codes(answer)) << answer.body;
    EXPECT_EQ(category_codes(answer).error().treatment, Treatment::retry);
    EXPECT_FALSE(query.worth_keeping(answer));
    EXPECT_TRUE(query.failure(answer));
  }
}

}  // namespace
}  // namespace lernd::user_cache_updater
