#include "sync/sender.h"

#include <gtest/gtest.h>

#include <deque>

#include "conformance/temporary_folder.h"
#include "support/manual_clock.h"
#include "support/must.h"

namespace lernd::sync {
namespace {

using namespace std::chrono_literals;

constexpr const char* kAccepted = R"({"responseCode":"OK"})";

/// Time that passes only in waits.
class LeapingWaiter final : public bulk::Waiter {
 public:
  bulk::Time now() override { return now_; }
  bool wait_until(bulk::Time time, const std::stop_token& stop) override {
    if (stop.stop_requested()) return false;
    waits.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(time - now_));
    now_ = std::max(now_, time);
    return !stop_at_wait || waits.size() < stop_at_wait;
  }
  std::vector<std::chrono::milliseconds> waits;
  std::size_t stop_at_wait = 0;

 private:
  bulk::Time now_{1h};
};

class ScriptedClient final : public HttpClient {
 public:
  std::vector<Result<HttpAnswer>> call(std::span<const HttpQuery> queries) override {
    calls.push_back(queries.front());
    auto answer = answers.empty() ? Result<HttpAnswer>(HttpAnswer{.status = 200, .body = kAccepted}) : answers.front();
    if (!answers.empty()) answers.pop_front();
    std::vector<Result<HttpAnswer>> out;
    out.push_back(std::move(answer));
    return out;
  }
  std::deque<Result<HttpAnswer>> answers;
  std::vector<HttpQuery> calls;
};

class SyncSender : public testing::Test {
 protected:
  SyncSender() {
    options_.type = *object_type_named("user");
    options_.endpoint = "http://h/x";
    options_.block_size = 2;
    options_.pause = 100ms;
    options_.body_bytes_max = 1'000'000;
    options_.retry_max = 2;
    options_.retry_base = 1000ms;
    options_.retry_cap = 1000ms;
    options_.throttle_wait_max = 10'000ms;
  }

  BlockEnd send(int ids) {
    bulk::Block block{.number = ++number_, .items = {}};
    for (int i = 0; i < ids; ++i) block.items.push_back({.position = position_++, .line = std::to_string(i)});
    return must(sender_->send(block));
  }

  void SetUp() override {
    checkpoint_.emplace(must(bulk::CheckpointFile::open(folder_.file("c.json"), "option")));
    secrets_.emplace(options_);
    ledger_ = must(Ledger::open({.options = options_,
                                 .secrets = *secrets_,
                                 .checkpoint_file = *checkpoint_,
                                 .paths = {folder_.file("ok"), folder_.file("bad"), folder_.file("ids")},
                                 .checkpoint = {.fingerprint = "f", .source = "s", .total = 1000, .bytes = 1, .list_sha256 = "l", .failed = 0, .done = {}},
                                 .now = [this] { return clock_.now(); },
                                 .steady = [this] { return waiter_.now(); },
                                 .warn = [](const std::string&) {}}));
    shared_.emplace(Sending{.options = options_,
                            .run_id = run_id_,
                            .ledger = *ledger_,
                            .gate = gate_,
                            .waiter = waiter_,
                            .clock = clock_,
                            .board = board_,
                            .warn = [](const std::string&) {},
                            .stop = stop_.get_token()});
    sender_.emplace(*shared_, client_, 0);
  }

  void answer(int status, std::vector<Header> headers = {}) {
    client_.answers.push_back(HttpAnswer{.status = status, .body = "", .headers = std::move(headers)});
  }

  const TemporaryFolder folder_;
  Options options_;
  const std::string run_id_ = "run";
  ManualClock clock_;
  LeapingWaiter waiter_;
  ScriptedClient client_;
  bulk::RateGate gate_{0, 1h};
  WaitBoard board_{1};
  std::stop_source stop_;
  std::optional<bulk::CheckpointFile> checkpoint_;
  std::optional<Secrets> secrets_;
  std::unique_ptr<Ledger> ledger_;
  std::optional<Sending> shared_;
  std::optional<Sender> sender_;
  std::int64_t number_ = 0;
  std::int64_t position_ = 0;
};

TEST_F(SyncSender, PausesBetweenRequestsOnly) {
  EXPECT_EQ(send(2), BlockEnd::ok);
  EXPECT_TRUE(waiter_.waits.empty());
  EXPECT_EQ(send(2), BlockEnd::ok);
  EXPECT_EQ(waiter_.waits, std::vector{100ms});
}

TEST_F(SyncSender, BackoffAndPauseAreNotAddedUp) {
  answer(500);
  answer(503, {{.name = "retry-after", .value = "3"}});
  EXPECT_EQ(send(2), BlockEnd::ok);
  ASSERT_EQ(waiter_.waits.size(), 2u);
  EXPECT_GE(waiter_.waits[0], 500ms);
  EXPECT_LE(waiter_.waits[0], 1000ms);
  EXPECT_EQ(waiter_.waits[1], 3000ms);
  options_.retry_cap = 10ms;
  waiter_.waits.clear();
  answer(500);
  EXPECT_EQ(send(2), BlockEnd::ok);
  EXPECT_EQ(waiter_.waits, (std::vector{100ms, 100ms})) << "the pause is the larger one";
}

TEST_F(SyncSender, GivesUpAfterItsRetries) {
  for (int i = 0; i < 3; ++i) answer(502);
  EXPECT_EQ(send(2), BlockEnd::given_up);
  EXPECT_EQ(client_.calls.size(), 3u);
  EXPECT_EQ(ledger_->totals().retries, 2);
  EXPECT_EQ(ledger_->totals().failed, 2);
}

TEST_F(SyncSender, ThrottlingUsesNoRetries) {
  for (int i = 0; i < 3; ++i) answer(429, {{.name = "retry-after", .value = "3"}});
  EXPECT_EQ(send(2), BlockEnd::ok);
  EXPECT_EQ(ledger_->totals().throttled_ms, 9000);
  EXPECT_EQ(ledger_->totals().retries, 0);
  for (int i = 0; i < 4; ++i) answer(429, {{.name = "retry-after", .value = "3"}});
  EXPECT_EQ(send(2), BlockEnd::given_up) << "ten seconds are spent";
}

TEST_F(SyncSender, HalvesWhatIsTooLarge) {
  answer(413);
  EXPECT_EQ(send(5), BlockEnd::ok);
  ASSERT_EQ(client_.calls.size(), 3u);
  EXPECT_TRUE(client_.calls[1].body.contains(R"(["0","1","2"])"));
  EXPECT_TRUE(client_.calls[2].body.contains(R"(["3","4"])"));
  for (const auto& call : client_.calls) EXPECT_EQ(call.headers.back().value, "run-1");
  EXPECT_EQ(ledger_->totals().blocks_ok, 1);
}

TEST_F(SyncSender, AFatalAnswerEndsTheBlock) {
  answer(413);
  answer(401);
  EXPECT_EQ(send(4), BlockEnd::fatal);
  EXPECT_EQ(client_.calls.size(), 2u) << "the other half would meet the same";
  EXPECT_EQ(ledger_->totals().failed, 2);
}

TEST_F(SyncSender, AStopLeavesABlockUntried) {
  stop_.request_stop();
  EXPECT_EQ(send(2), BlockEnd::abandoned);
  EXPECT_TRUE(client_.calls.empty());
  EXPECT_EQ(ledger_->totals().failed, 0);
}

TEST_F(SyncSender, AStopWhileABlockWaitsForItsRetryFailsIt) {
  answer(500);
  waiter_.stop_at_wait = 1;
  EXPECT_EQ(send(2), BlockEnd::given_up);
  EXPECT_EQ(client_.calls.size(), 1u);
  EXPECT_EQ(ledger_->totals().failed, 2);
}

TEST_F(SyncSender, TheKeyIsSentOnlyWhenThereIsOne) {
  send(1);
  options_.api_key = "abc";
  send(1);
  const auto has = [](const HttpQuery& query) {
    return std::ranges::any_of(query.headers, [](const Header& h) { return h.name == "Authorization" && h.value == "Bearer abc"; });
  };
  EXPECT_FALSE(has(client_.calls[0]));
  EXPECT_TRUE(has(client_.calls[1]));
}

}  // namespace
}  // namespace lernd::sync
