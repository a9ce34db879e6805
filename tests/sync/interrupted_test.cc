// Signals at random times: afterwards every id was accepted, and what was sent twice is bounded by what was in flight.
#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <random>

#include "support/seed.h"
#include "sync/stub_api.h"
#include "sync/sync_program.h"

namespace lernd::sync {
namespace {

constexpr int kIds = 60;
constexpr int kBlock = 5;

/// A run that is killed again and again until it is done.
class Interrupted {
 public:
  explicit Interrupted(std::mt19937_64& random) : random_(random), concurrency_(1 + static_cast<int>(random() % 3)) {
    program_.write_ids(kIds);
    api_.play([this](const StubRequest& request) {
      for (const auto& id : ids_of(request)) ++accepted_[id];
      return StubReply{.body = kAccepted};
    });
  }

  void play() {
    int killed = 0;
    int code = -1;
    for (int start = 0; start < 20 && code != 0; ++start) {
      const bool last = start == 19;
      code = last ? run(0, SIGKILL) : run(1 + random_() % 8, std::array{SIGKILL, SIGINT, SIGTERM}[random_() % 3]);
      if (code == 128 + SIGKILL) ++killed;
      ASSERT_TRUE(code == 0 || code > 128) << code;
    }
    ASSERT_EQ(code, 0);
    ASSERT_EQ(accepted_.size(), static_cast<std::size_t>(kIds)) << "an id is lost";
    int twice = 0;
    for (const auto& [id, count] : accepted_) twice += count - 1;
    // Only kill -9 leaves requests behind that nobody wrote down.
    EXPECT_LE(twice, killed * concurrency_ * kBlock);
    EXPECT_EQ(program_.files("SyncCheckpoint").size(), 0u);
  }

 private:
  /// Sends the signal while the call with this number is answered; 0: never.
  int run(std::uint64_t call, int signal) {
    auto process = std::make_shared<Process>(program_.command({{"sunbird_sync_api_endpoint", api_.url() + "/x"},
                                                               {"sunbird_sync_block_size", std::to_string(kBlock)},
                                                               {"sunbird_sync_concurrency", std::to_string(concurrency_)}}));
    const auto first = api_.calls().size();
    const pid_t pid = process->pid();
    api_.on_call([=](std::size_t number) {
      if (call != 0 && number - first == call) ::kill(pid, signal);
    });
    const auto code = process->wait(std::chrono::seconds(60));
    api_.on_call({});
    return code.value_or(-1);
  }

  std::mt19937_64& random_;
  const int concurrency_;
  SyncProgram program_;
  std::map<std::string, int> accepted_;
  StubApi api_;
};

TEST(SyncInterrupted, EveryIdIsAcceptedAndFewTwice) {
  std::mt19937_64 random(test_seed());
  for (int round = 0; round < 100 && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(round);
    Interrupted(random).play();
  }
}

TEST(SyncInterrupted, ASignalEndsAWaitAtOnce) {
  for (const int signal : {SIGINT, SIGTERM}) {
    SyncProgram program;
    program.write_ids(20);
    StubApi api;
    api.play([](const StubRequest&) { return StubReply{.body = kAccepted}; });
    Process process(program.command({{"sunbird_sync_api_endpoint", api.url() + "/x"},
                                     {"sunbird_sync_sleep_time", "600000"},
                                     {"sunbird_sync_resume", "never"},
                                     {"sunbird_sync_progress", "lines"}}));
    ASSERT_TRUE(process.wait_for_output("10/20", std::chrono::seconds(60)));
    process.signal(signal);
    EXPECT_EQ(process.wait(std::chrono::seconds(30)), 128 + signal);
    EXPECT_EQ(program.report()["status"], "interrupted");
    EXPECT_EQ(program.report()["ids"]["not_attempted"], 10);
    EXPECT_EQ(program.files("SyncCheckpoint").size(), 2u) << "the checkpoint and its tail";
  }
}

TEST(SyncInterrupted, ASecondSignalEndsAtOnce) {
  SyncProgram program;
  program.write_ids(20);
  StubApi api;
  api.play([](const StubRequest&) { return StubReply{.body = kAccepted, .delay = std::chrono::minutes(10)}; });
  Process process(program.command({{"sunbird_sync_api_endpoint", api.url() + "/x"}}));
  api.on_call([&](std::size_t) { process.signal(SIGTERM); });
  ASSERT_TRUE(process.wait_for_output("a second signal", std::chrono::seconds(60)));
  process.signal(SIGINT);
  EXPECT_EQ(process.wait(std::chrono::seconds(30)), 128 + SIGTERM);
}

}  // namespace
}  // namespace lernd::sync
