// Services that fail for a while, or for one user only.
#include <gtest/gtest.h>

#include "app/cache_tool/rebuild.h"
#include "unit/cache_tool/platform.h"

namespace lernd::cache_tool {
namespace {

using Fault = HttpStub::Fault;

class CacheRebuildFaults : public testing::Test {
 protected:
  void add_plain(int from, int to) {
    for (int i = from; i < to; ++i) platform_.add_plain("user-" + std::to_string(i));
  }
  void begin() {
    platform_.settle();
    tool_.emplace(platform_);
  }
  RebuildEnded run() { return rebuild({.checkpoint = platform_.file("checkpoint")}, tool_->world()); }

  Platform platform_;
  std::optional<Tool> tool_;
};

TEST_F(CacheRebuildFaults, AFaultThatPassesCostsNobodyAnything) {
  add_plain(0, 20);
  for (const auto fault : {Fault::refused, Fault::reset, Fault::timeout}) {
    const auto id = "shaky-" + std::to_string(static_cast<int>(fault));
    platform_.add(id, Platform::fault(fault, 2));
    platform_.add_plain(id);
  }
  begin();
  const auto ended = run();
  EXPECT_EQ(ended.end, End::done) << ended.message;
  EXPECT_EQ(ended.report->state.written, 23);
  EXPECT_EQ(tool_->services.reads.at("user-0"), 1) << "whoever is done is not asked about again";
  EXPECT_EQ(tool_->services.reads.at("shaky-1"), 3);
}

TEST_F(CacheRebuildFaults, OneWhoAlwaysFailsIsGivenUpAndStopsNobody) {
  add_plain(0, 50);
  platform_.add("broken", Platform::error("SERVER_ERROR", "x", 500));
  add_plain(50, 100);
  begin();
  const auto ended = run();
  EXPECT_EQ(ended.end, End::failed);
  EXPECT_EQ(ended.report->state.written, 100);
  EXPECT_EQ(ended.report->state.failed, (std::map<std::string, std::int64_t>{{"bad_answer", 1}}));
  EXPECT_EQ(tool_->services.reads.at("broken"), 8) << "lernd.retry.attempts_max";
  EXPECT_EQ(lines_of(platform_.file("checkpoint.left.csv")), std::multiset<std::string>{"broken,failed,bad_answer"});
}

TEST_F(CacheRebuildFaults, ManyWhoAlwaysFailAreNotTakenForAServiceThatIsAway) {
  add_plain(0, 40);
  for (int i = 0; i < 12; ++i) platform_.add("broken-" + std::to_string(i), Platform::error("SERVER_ERROR", "x", 500));
  begin();
  const auto ended = run();
  EXPECT_EQ(ended.end, End::failed);
  EXPECT_EQ(ended.report->state.written, 40);
  EXPECT_EQ(ended.report->state.failures(), 12);
  EXPECT_EQ(tool_->services.reads.at("broken-3"), 8);
}

TEST_F(CacheRebuildFaults, AWholeBlockThatAlwaysFailsIsGivenUpWhenTheServiceWorksForOthers) {
  add_plain(0, 256);
  for (int i = 0; i < 30; ++i) platform_.add("xbroken-" + std::to_string(i), Platform::error("SERVER_ERROR", "x", 500));
  begin();
  const auto ended = run();
  EXPECT_EQ(ended.end, End::failed);
  EXPECT_EQ(ended.report->state.written, 256);
  EXPECT_EQ(ended.report->state.failures(), 30);
}

TEST_F(CacheRebuildFaults, AServiceThatIsAwayIsWaitedForWithoutAFailure) {
  add_plain(0, 300);
  begin();
  const auto begun = tool_->waiter.now();
  // Away at the start, and again in the middle.
  tool_->services.http_away = [&](std::string_view) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(tool_->waiter.now() - begun).count();
    return minutes < 60 || (tool_->services.reads.size() > 256 && minutes < 120);
  };
  const auto ended = run();
  EXPECT_EQ(ended.end, End::done) << ended.message;
  EXPECT_EQ(ended.report->state.written, 300);
  EXPECT_GT(tool_->waiter.now() - begun, std::chrono::minutes(119));
  EXPECT_TRUE(tool_->warnings.at(0).starts_with("waiting: ") && tool_->warnings[0].contains("service.userorg.basePath")) << tool_->warnings[0];
  EXPECT_LT(tool_->warnings.size(), 130u) << "one a minute";
}

TEST_F(CacheRebuildFaults, AnswersThatAreNoneForEverybodyAreNobodysFault) {
  add_plain(0, 40);
  begin();
  const auto begun = tool_->waiter.now();
  tool_->services.garbled = [&](const std::string&) { return tool_->waiter.now() - begun < std::chrono::minutes(30); };
  const auto ended = run();
  EXPECT_EQ(ended.end, End::done) << ended.message;
  EXPECT_EQ(ended.report->state.written, 40);
}

TEST_F(CacheRebuildFaults, TheFrameworkServiceIsWaitedForToo) {
  Platform platform("categories");
  for (int i = 0; i < 9; ++i) {
    const auto id = "user-" + std::to_string(i);
    platform.add(id, Platform::found({{"userId", id}, {"framework", {{"id", {"other"}}, {"medium", {"English"}}}}}));
  }
  platform.add_plain("without");
  platform.settle();
  Tool tool(platform);
  const auto begun = tool.waiter.now();
  tool.services.http_away = [&](std::string_view service) { return service == "taxonomy" && tool.waiter.now() - begun < std::chrono::minutes(60); };
  const auto ended = rebuild({.checkpoint = platform.file("checkpoint")}, tool.world());
  EXPECT_EQ(ended.end, End::done) << ended.message;
  EXPECT_GE(tool.waiter.now() - begun, std::chrono::minutes(60));
  for (int i = 0; i < 9; ++i) EXPECT_EQ(platform.entries().at("user:user-" + std::to_string(i)).at("framework_medium"), "[\"English\"]");
}

TEST_F(CacheRebuildFaults, TheCacheGoesAwayBetweenReadingAndWriting) {
  add_plain(0, 10);
  begin();
  bool away = false;
  tool_->services.cache_away = [&] { return away; };
  tool_->services.on_cache_write = [&] { away = tool_->waiter.waits == 0; };
  tool_->waiter.on_wait = [&] { away = tool_->waiter.waits < 100; };
  const auto ended = run();
  EXPECT_EQ(ended.end, End::done) << ended.message;
  EXPECT_EQ(platform_.entries().size(), 10u);
  EXPECT_EQ(tool_->services.reads.at("user-0"), 2) << "a profile that was read before is not written any more, and none is read for a cache that is away";
  EXPECT_EQ(tool_->warnings.at(0), "waiting: the cache is away (redis-meta.host)");
}

TEST_F(CacheRebuildFaults, APatienceThatEndsStopsTheRun) {
  add_plain(0, 10);
  begin();
  tool_->wait_max = std::chrono::seconds(60);
  tool_->services.cache_away = [] { return true; };
  auto ended = run();
  EXPECT_EQ(ended.end, End::stopped);
  EXPECT_TRUE(ended.message.contains("waited 60 s in vain: the cache is away")) << ended.message;
  EXPECT_EQ(ended.report->state.failures(), 0);
  tool_->services.cache_away = [] { return false; };
  ended = run();
  EXPECT_EQ(ended.end, End::done);
  EXPECT_EQ(platform_.entries().size(), 10u);
}

TEST_F(CacheRebuildFaults, AStopEndsAWait) {
  add_plain(0, 10);
  begin();
  tool_->services.cache_away = [] { return true; };
  tool_->waiter.on_wait = [&] {
    if (tool_->waiter.waits == 5) tool_->stop.request_stop();
  };
  const auto ended = run();
  EXPECT_EQ(ended.end, End::stopped);
  EXPECT_EQ(tool_->waiter.waits, 5);
  EXPECT_TRUE(std::filesystem::exists(platform_.file("checkpoint")));
}

TEST_F(CacheRebuildFaults, AKeyThatHoldsSomethingElseIsItsOwnFault) {
  add_plain(0, 3);
  begin();
  {
    auto ports = must(tool_->services.open());
    const CacheGroup set{{.kind = CacheWrite::Kind::put_set, .cache = {"redis-meta", 12}, .key = "user:user-1", .value = {.members = {"x"}}}};
    for (auto& done : ports.cache->write({&set, 1})) must(std::move(done));
    must(ports.tables->flush());
  }
  const auto ended = run();
  EXPECT_EQ(ended.end, End::failed);
  EXPECT_EQ(ended.report->state.written, 2);
  EXPECT_EQ(ended.report->state.failures(), 1);
}

}  // namespace
}  // namespace lernd::cache_tool
