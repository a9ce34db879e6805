#include "sync/answer.h"

#include <gtest/gtest.h>

namespace lernd::sync {
namespace {

constexpr Timestamp kNow{1'700'000'000'000};

Verdict judged(int status, std::string body, std::vector<Header> headers = {}) {
  return judge(HttpAnswer{.status = status, .body = std::move(body), .headers = std::move(headers)}, kNow);
}

TEST(SyncAnswer, AcceptedNeedsStatusAndBody) {
  for (const char* body : {R"({"responseCode":"OK"})", R"({"responseCode":"ok","result":{}})", R"({"result":{"response":"Success"}})"}) {
    EXPECT_EQ(judged(200, body).outcome, Outcome::accepted) << body;
  }
  for (const char* body : {"", "<html>login</html>", "[]", "{}", R"({"responseCode":"CLIENT_ERROR","result":{}})", R"("OK")", R"({"responseCode":"OK")"}) {
    EXPECT_EQ(judged(200, body).outcome, Outcome::fatal) << body;
  }
  EXPECT_EQ(judged(201, R"({"responseCode":"OK"})").outcome, Outcome::fatal);
}

TEST(SyncAnswer, ClassesOfStatus) {
  for (const int status : {408, 425, 500, 502, 503, 504}) EXPECT_EQ(judged(status, "").outcome, Outcome::retryable) << status;
  for (const int status : {301, 302, 400, 401, 403, 404, 405, 415, 418, 501, 505, 599}) EXPECT_EQ(judged(status, "").outcome, Outcome::fatal) << status;
  EXPECT_EQ(judged(429, "").outcome, Outcome::throttled);
  EXPECT_EQ(judged(413, "").outcome, Outcome::too_large);
}

TEST(SyncAnswer, ErrorsInsteadOfAnAnswer) {
  const auto lost = judge(fail(Treatment::retry, ErrorCode::timed_out, "no answer"), kNow);
  EXPECT_EQ(lost.outcome, Outcome::retryable);
  EXPECT_EQ(lost.status, 0);
  EXPECT_EQ(lost.label, "timed_out");
  EXPECT_EQ(judge(fail(Treatment::fatal, ErrorCode::invalid_option, "certificate"), kNow).outcome, Outcome::fatal);
}

TEST(SyncAnswer, SaysWhatTheServerSaid) {
  const auto text = judged(400, R"({"params":{"err":"UOS_0072","errmsg":"Invalid\nObject Type."},"responseCode":"CLIENT_ERROR"})").text;
  EXPECT_TRUE(text.contains("400: UOS_0072 Invalid Object Type.")) << text;
  EXPECT_TRUE(judged(401, R"({"message":"Unauthorized"})").text.contains("401: Unauthorized (check sunbird_sync_api_key)"));
  EXPECT_TRUE(judged(302, "").text.contains("sunbird_sync_api_endpoint"));
}

TEST(SyncAnswer, HowLongToWait) {
  const auto wait = [](int status, std::vector<Header> headers) { return judged(status, "", std::move(headers)).wait_min.count(); };
  EXPECT_EQ(wait(429, {{"Retry-After", "3"}, {"RateLimit-Reset", "9"}}), 3000);
  EXPECT_EQ(wait(503, {{"retry-after", "3"}}), 3000);
  EXPECT_EQ(wait(500, {{"retry-after", "3"}}), 0);
  EXPECT_EQ(wait(429, {{"retry-after", "Tue, 14 Nov 2023 22:13:25 GMT"}}), 5000);
  EXPECT_EQ(wait(429, {{"retry-after", "Tue, 14 Nov 2023 22:00:00 GMT"}}), 0);
  EXPECT_EQ(wait(429, {{"ratelimit-reset", "9"}}), 9000);
  EXPECT_EQ(wait(429, {{"x-ratelimit-remaining-hour", "0"}}), 3'600'000 - kNow.ms % 3'600'000 + 1000);
  EXPECT_EQ(wait(429, {{"x-ratelimit-remaining-hour", "5"}}), 0);
  EXPECT_EQ(wait(429, {{"retry-after", "-3"}}), 0);
  EXPECT_EQ(wait(429, {{"retry-after", "soon"}}), 0);
  EXPECT_GT(wait(429, {{"retry-after", "99999999999999999999999"}}), 1'000'000'000) << "no overflow";
}

TEST(SyncAnswer, Confirmations) {
  const std::vector<bulk::Item> items{{0, "a"}, {1, "b"}, {2, "c"}, {3, "d"}};
  const auto told = confirmations(R"({"result":{"response":"SUCCESS","esSyncResponse":{"a":true,"b":false,"d":"true"},"c":false}})", items);
  EXPECT_EQ(told, (std::vector<bool>{true, false, false, false}));
  EXPECT_FALSE(confirmations(R"({"result":{"response":"SUCCESS"}})", items));
  EXPECT_FALSE(confirmations("", items));
}

}  // namespace
}  // namespace lernd::sync
