// What the endpoint can do to a run.
#include <gtest/gtest.h>

#include <atomic>
#include <sstream>
#include <string>
#include <vector>

#include "support/scripted_server.h"
#include "sync/stub_api.h"
#include "sync/sync_program.h"

namespace lernd::sync {
namespace {

class SyncFaults : public testing::Test {
 protected:
  SyncFaults() { program_.write_ids(30); }

  Finished run(std::map<std::string, std::string> parameters = {}) {
    parameters.try_emplace("sunbird_sync_api_endpoint", api_.url() + "/sync");
    parameters.try_emplace("sunbird_sync_api_key", "hush-key");
    return program_.run(std::move(parameters));
  }

  SyncProgram program_;
  StubApi api_;
};

StubReply status(int number, std::string body = "") { return {.status = number, .body = std::move(body)}; }

TEST_F(SyncFaults, AnAnswerThatEveryBlockWouldGetStopsAndGoesOnLater) {
  for (const int number : {301, 302, 307, 400, 401, 403, 404, 405, 415, 501}) {
    SyncProgram program;
    program.write_ids(30);
    std::atomic<int> calls = 0;
    api_.play([&](const StubRequest&) { return ++calls == 2 ? status(number) : status(200, kAccepted); });
    const auto stopped = program.run({{"sunbird_sync_api_endpoint", api_.url() + "/sync"}});
    EXPECT_EQ(stopped.code, 3) << number;
    EXPECT_EQ(calls, 2) << number;
    EXPECT_TRUE(stopped.err.contains(std::to_string(number))) << stopped.err;
    const auto rest = program.run({{"sunbird_sync_api_endpoint", api_.url() + "/sync"}});
    EXPECT_EQ(rest.code, 0) << rest.err;
    EXPECT_EQ(program.report()["ids"]["done_before"], 10);
    EXPECT_EQ(program.report()["ids"]["accepted"], 20);
  }
}

TEST_F(SyncFaults, OnFatalContinueGoesOn) {
  std::atomic<int> calls = 0;
  api_.play([&](const StubRequest&) { return ++calls == 2 ? status(401) : status(200, kAccepted); });
  EXPECT_EQ(run({{"sunbird_sync_on_fatal", "continue"}}).code, 1);
  EXPECT_EQ(program_.report()["ids"]["failed"], 10);
  EXPECT_EQ(program_.report()["ids"]["accepted"], 20);
  EXPECT_TRUE(program_.files("SyncCheckpoint").empty());
}

TEST_F(SyncFaults, WhatMayPassIsTriedAgain) {
  for (const auto fault : {StubReply::Fault::reset, StubReply::Fault::cut}) {
    std::atomic<int> calls = 0;
    api_.play([&](const StubRequest&) { return StubReply{.body = kAccepted, .fault = ++calls % 2 == 1 ? fault : StubReply::Fault::none}; });
    EXPECT_EQ(run().code, 0);
    EXPECT_EQ(program_.report()["requests"], 6);
    EXPECT_EQ(program_.report()["retries"], 3);
  }
}

TEST_F(SyncFaults, ASilentServerTimesOut) {
  api_.play([](const StubRequest&) { return StubReply{.body = kAccepted, .delay = std::chrono::minutes(5)}; });
  EXPECT_EQ(run({{"sunbird_sync_request_timeout_ms", "30"}, {"sunbird_sync_retry_max", "1"}}).code, 1);
  EXPECT_EQ(program_.report()["errors"]["retryable"]["timed_out"], 6);
  EXPECT_TRUE(program_.newest("SyncFailure_").contains("\nStatus : -\nAttempts : 2\n"));
}

TEST_F(SyncFaults, NobodyListens) {
  EXPECT_EQ(run({{"sunbird_sync_api_endpoint", "http://127.0.0.1:1/x"}, {"sunbird_sync_retry_max", "1"}, {"sunbird_sync_failed_blocks_max", "2"}}).code, 3);
  EXPECT_EQ(program_.report()["requests"], 4);
  EXPECT_EQ(program_.report()["ids"]["not_attempted"], 10);
  EXPECT_EQ(program_.report()["status"], "stopped");
}

TEST_F(SyncFaults, WhatIsNoHttp) {
  ScriptedServer server({[](ScriptedPeer& peer) {
    peer.receive_until("}}");
    peer.send("SSH-2.0-x\r\n");
  }});
  const auto url = "http://127.0.0.1:" + std::to_string(server.port()) + "/x";
  EXPECT_EQ(run({{"sunbird_sync_api_endpoint", url}, {"sunbird_sync_retry_max", "0"}, {"sunbird_sync_block_size", "100"}}).code, 1);
  EXPECT_EQ(program_.report()["errors"]["retryable"].size(), 1u);
}

TEST_F(SyncFaults, TooLargeIsHalved) {
  api_.play([](const StubRequest& request) { return ids_of(request).size() > 3 ? status(413) : status(200, kAccepted); });
  EXPECT_EQ(run().code, 0);
  std::vector<std::size_t> sizes;
  for (const auto& call : api_.calls()) sizes.push_back(ids_of(call).size());
  EXPECT_EQ(std::vector(sizes.begin(), sizes.begin() + 7), (std::vector<std::size_t>{10, 5, 3, 2, 5, 3, 2}));
  EXPECT_EQ(program_.newest("SyncFailure_"), "");
  EXPECT_EQ(program_.report()["retries"], 0);
}

TEST_F(SyncFaults, ASingleIdThatIsTooLargeFailsAlone) {
  api_.play([](const StubRequest& request) { return request.body.contains("\"id-7\"") ? status(413) : status(200, kAccepted); });
  EXPECT_EQ(run().code, 1);
  EXPECT_EQ(program_.newest("SyncFailedIds_"), "id-7\n");
  EXPECT_EQ(program_.report()["ids"]["accepted"], 29);
}

TEST_F(SyncFaults, LargeBodiesAreCutBefore) {
  api_.play([](const StubRequest&) { return status(200, kAccepted); });
  EXPECT_EQ(run({{"sunbird_sync_body_max_bytes", "110"}}).code, 0);
  for (const auto& call : api_.calls()) EXPECT_LE(call.body.size(), 110u);
  EXPECT_EQ(program_.report()["blocks"]["total"], 3);
}

TEST_F(SyncFaults, ThrottlingThatTakesTooLongFailsTheBlock) {
  api_.play([](const StubRequest&) { return StubReply{.status = 429, .headers = {{.name = "Retry-After", .value = "100"}}}; });
  EXPECT_EQ(run({{"sunbird_sync_throttle_wait_max_ms", "5000"}}).code, 1);
  EXPECT_EQ(program_.report()["requests"], 3);
  EXPECT_EQ(program_.report()["throttled_ms"], 0);
}

TEST_F(SyncFaults, RedirectsAreNotFollowedWithTheKey) {
  StubApi other;
  api_.play([&](const StubRequest&) { return StubReply{.status = 302, .headers = {{.name = "Location", .value = other.url() + "/x"}}}; });
  EXPECT_EQ(run().code, 3);
  EXPECT_TRUE(other.calls().empty());
}

TEST_F(SyncFaults, AKeyInAnAnswerStaysOutOfTheLogs) {
  api_.play([](const StubRequest& request) { return status(400, "{\"message\":\"bad " + *header_of(request, "Authorization") + "\"}"); });
  const auto finished = run();
  EXPECT_FALSE((finished.err + finished.out + program_.newest("SyncFailure_") + program_.newest("SyncReport_")).contains("hush-key"));
  EXPECT_TRUE(program_.newest("SyncFailure_").contains("bad Bearer ***"));
}

/// What the published script makes of a failure log: the third word of each line that begins so is a body, and its ids are sent again.
std::vector<std::string> replayed_ids(const std::string& log) {
  std::vector<std::string> ids;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("Request :")) continue;
    std::istringstream words(line);
    std::string word;
    for (int i = 0; i < 3; ++i) words >> word;
    const auto body = nlohmann::json::parse(word);
    for (const auto& id : body.at("request").at("objectIds")) ids.push_back(id);
  }
  return ids;
}

TEST_F(SyncFaults, TheFailureLogCanBeReplayedByTheScriptThatOperatorsHave) {
  api_.play([](const StubRequest& request) {
    return request.body.contains("\"id-7\"") || request.body.contains("\"id-25\"") ? status(500, "{\"a b\": \"Request : x\\n\"}") : status(200, kAccepted);
  });
  EXPECT_EQ(run({{"sunbird_sync_retry_max", "0"}}).code, 1);
  auto ids = replayed_ids(program_.newest("SyncFailure_"));
  std::string listed;
  for (const auto& id : ids) listed += id + "\n";
  EXPECT_EQ(ids.size(), 20u);
  EXPECT_EQ(listed, program_.newest("SyncFailedIds_"));
}

TEST_F(SyncFaults, VerificationTellsIdsApart) {
  api_.play([](const StubRequest& request) {
    nlohmann::json told = nlohmann::json::object();
    for (const auto& id : ids_of(request)) {
      if (id != "id-3") told[id] = true;
    }
    return status(200, nlohmann::json{{"responseCode", "OK"}, {"result", {{"response", "SUCCESS"}, {"esSyncResponse", told}, {"id-3", false}}}}.dump());
  });
  EXPECT_EQ(run({{"sunbird_sync_operation_type", "sync"}}).code, 1);
  EXPECT_TRUE(api_.calls()[0].body.contains(R"("objectType":"user","operationType":"sync","objectIds")"));
  EXPECT_EQ(program_.report()["ids"],
            (nlohmann::json{{"total", 30}, {"done_before", 0}, {"accepted", 29}, {"confirmed", 29}, {"unverified", 0}, {"failed", 1}, {"not_attempted", 0}}));
  EXPECT_TRUE(program_.newest("SyncFailure_").contains(R"("objectIds":["id-3"]},"params":{}})"));
  EXPECT_TRUE(program_.newest("SyncFailure_").contains("\nError : not_confirmed"));
  EXPECT_EQ(program_.newest("SyncFailedIds_"), "id-3\n");
}

TEST_F(SyncFaults, AServiceTooOldToVerify) {
  api_.play([](const StubRequest&) { return status(200, kAccepted); });
  const auto finished = run({{"sunbird_sync_operation_type", "sync"}});
  EXPECT_EQ(finished.code, 0);
  EXPECT_EQ(program_.report()["ids"]["unverified"], 30);
  EXPECT_EQ(finished.err.find("does not verify"), finished.err.rfind("does not verify")) << "said once";
}

TEST_F(SyncFaults, ASlowVerificationIsHalved) {
  api_.play([](const StubRequest& request) { return ids_of(request).size() > 5 ? status(500) : status(200, kAccepted); });
  EXPECT_EQ(run({{"sunbird_sync_operation_type", "sync"}}).code, 0);
  EXPECT_EQ(program_.report()["requests"], 9);
}

}  // namespace
}  // namespace lernd::sync
