#include "jobs/service_call.h"

#include <gtest/gtest.h>

namespace lernd {
namespace {

TEST(ServiceCall, BaseAndPathMeetWithOneSlash) {
  for (const std::string base : {"http://h:1/a", "http://h:1/a/", "h:1/a//"}) {
    for (const std::string path : {"b/c", "/b/c", "/b/c/", "b/c//"}) {
      EXPECT_EQ(service_url(base, path), "http://h:1/a/b/c/");
      EXPECT_EQ(service_address(base, path), "http://h:1/a/b/c");
    }
  }
  EXPECT_EQ(service_url("https://h", ""), "https://h/");
  EXPECT_EQ(service_url("http://h/read/", ""), "http://h/read/");
}

TEST(ServiceCall, IdsAreEncoded) {
  EXPECT_EQ(url_encoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(url_encoded("a b/c?d#e%f\n"), "a%20b%2Fc%3Fd%23e%25f%0A");
  EXPECT_EQ(url_encoded(std::string_view("\0é", 3)), "%00%C3%A9");
}

TEST(ServiceCall, IdsThatCannotBeAskedFor) {
  EXPECT_TRUE(can_be_asked_for("..."));
  EXPECT_TRUE(can_be_asked_for(std::string(1024, 'x')));
  for (const std::string& id : {std::string(), std::string("."), std::string(".."), std::string(1025, 'x')}) EXPECT_FALSE(can_be_asked_for(id));
}

TEST(ServiceCall, TheEnvelopeHasACode) {
  const auto answer = service_answer({.status = 404, .body = R"({"responseCode":"Ok","result":{"a":1}})"});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->code, "OK");
  EXPECT_EQ(answer->result.find("a")->integer(), 1);
  for (const char* body : {"", "<html>", "[]", "null", "{}", R"({"responseCode":null})", R"({"responseCode":200})", R"({"responseCode":"OK"} x)"}) {
    EXPECT_FALSE(service_answer({.status = 200, .body = body})) << body;
  }
}

TEST(ServiceCall, TheReasonOfARefusal) {
  const auto answer_with = [](const std::string& params) { return HttpAnswer{.status = 400, .body = R"({"responseCode":"CLIENT_ERROR")" + params + "}"}; };
  EXPECT_EQ(service_answer(answer_with(R"(,"params":{"err":"UOS_USRRED0006"})"))->reason(), kAccountBlocked);
  for (const char* params : {"", R"(,"params":null)", R"(,"params":{"err":null})", R"(,"params":{"err":7})", R"(,"params":[])"}) {
    EXPECT_EQ(service_answer(answer_with(params))->reason(), std::nullopt) << params;
  }
}

}  // namespace
}  // namespace lernd
