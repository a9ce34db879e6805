#include "app/cache_tool/check.h"

#include <gtest/gtest.h>

#include <fstream>

#include "app/cache_tool/rebuild.h"
#include "support/seed.h"
#include "unit/cache_tool/platform.h"

namespace lernd::cache_tool {
namespace {

using Json = nlohmann::json;

/// Brings all entries up to date.
void fill(const Platform& platform) {
  Tool tool(platform);
  ASSERT_NE(rebuild({.checkpoint = platform.file("fill")}, tool.world()).end, End::usage);
}

TEST(CacheCheck, WhatWasRebuiltIsRight) {
  std::mt19937_64 random(test_seed());
  for (const char* layout : {"bmgs", "categories"}) {
    SCOPED_TRACE(layout);
    Platform platform(layout);
    for (int i = 0; i < 400; ++i) platform.add_random("user-" + std::to_string(i), random);
    platform.settle();
    Tool tool(platform);
    const CheckOptions options{.sample = 1000};
    const auto before = check(options, tool.world());
    EXPECT_EQ(before.end, End::failed);
    EXPECT_GT(before.report->judged.missing, 0);
    EXPECT_GT(before.report->judged.stale, 0);
    fill(platform);
    const auto after = check(options, tool.world());
    EXPECT_EQ(after.end, End::done) << report_text(*after.report);
    EXPECT_EQ(after.report->asked, 400);
    EXPECT_EQ(after.report->judged.right + after.report->unknown + after.report->blocked, 400);
    EXPECT_GT(after.report->blocked, 0);
  }
}

class CacheCheckSome : public testing::Test {
 protected:
  CacheCheckSome() {
    platform_.add("changed", Platform::found({{"userId", "changed"}, {"firstName", "Asha"}, {"userLocations", {{{"type", "state"}, {"name", "New"}}}}}));
    platform_.add("moved", Platform::found({{"userId", "moved"}}));
    platform_.add_plain("right");
    platform_.add_plain("missing");
    platform_.add("blocked", Platform::blocked());
    platform_.add("nobody", Platform::unknown());
    platform_.settle();
    fill(platform_);
    auto entries = platform_.entries();
    entries["user:changed"]["firstname"] = "Old name";
    entries["user:changed"]["state"] = "";
    entries["user:changed"]["usersignintype"] = "Validated";
    entries["user:moved"]["district"] = "where it was";
    entries["user:right"]["usersignintype"] = "Validated";
    entries["user:right"]["panchayat"] = "the job never takes this away";
    for (const char* id : {"changed", "moved", "right"}) platform_.put_entry(id, entries["user:" + std::string(id)]);
    erase("missing");
    tool_.emplace(platform_);
  }

  void erase(const std::string& id) {
    Tool tool(platform_);
    auto ports = must(tool.services.open());
    const CacheGroup gone{{.kind = CacheWrite::Kind::erase, .cache = {"redis-meta", 12}, .key = "user:" + id}};
    for (auto& done : ports.cache->write({&gone, 1})) must(std::move(done));
    must(ports.tables->flush());
  }

  Platform platform_;
  std::optional<Tool> tool_;
};

TEST_F(CacheCheckSome, CountsAndNamesTheFields) {
  const auto before = platform_.entries();
  CheckOptions options{.list = platform_.file("wrong.csv")};
  const auto ended = check(options, tool_->world());
  EXPECT_EQ(ended.end, End::failed);
  const auto& report = *ended.report;
  EXPECT_EQ(report.asked, 6);
  EXPECT_EQ(report.judged.right, 1);
  EXPECT_EQ(report.judged.missing, 1);
  EXPECT_EQ(report.judged.stale, 2);
  EXPECT_EQ(report.judged.fields, (std::map<std::string, std::int64_t>{{"district", 1}, {"firstname", 1}, {"state", 1}}));
  EXPECT_EQ(report.blocked, 1);
  EXPECT_EQ(report.unknown, 1);
  EXPECT_EQ(lines_of(options.list), (std::multiset<std::string>{"changed", "missing", "moved"}));
  EXPECT_EQ(platform_.entries(), before) << "a check changes nothing";

  const auto json = Json::parse(report_json(report));
  EXPECT_EQ(json["stale_fields"], (Json{{"district", 1}, {"firstname", 1}, {"state", 1}}));
  EXPECT_EQ(json["not_judged"], (Json{{"unknown", 1}, {"blocked", 1}, {"failed", 0}}));
  EXPECT_EQ(json["seed"], 0);
  EXPECT_EQ(json["users"], 6);
  const auto text = report_text(report);
  for (const char* part : {"--seed 0", "right", "missing", "    district", "16.7 %", "wrong.csv"}) EXPECT_TRUE(text.contains(part)) << part << text;

  options.source.id_file = options.list;
  options.list.clear();
  EXPECT_EQ(check(options, tool_->world()).report->asked, 3) << "the list is an id file";
}

TEST_F(CacheCheckSome, ListedUsersOnly) {
  std::ofstream(platform_.file("ids.csv")) << "right\nblocked\n";
  CheckOptions options;
  options.source.id_file = platform_.file("ids.csv");
  const auto ended = check(options, tool_->world());
  EXPECT_EQ(ended.end, End::done);
  EXPECT_EQ(ended.report->asked, 2);
  EXPECT_FALSE(ended.report->seed);
  EXPECT_TRUE(Json::parse(report_json(*ended.report))["seed"].is_null());
}

TEST_F(CacheCheckSome, AnEntryThatIsWrittenMeanwhileIsNotStale) {
  tool_->services.on_cache_read = [this, reads = 0]() mutable {
    // Behind the first look at the profiles and the entries somebody writes.
    if (++reads == 3) fill(platform_);
  };
  const auto ended = check({}, tool_->world());
  EXPECT_EQ(ended.end, End::done) << report_text(*ended.report);
  EXPECT_EQ(ended.report->judged.right, 4);
}

TEST_F(CacheCheckSome, WhatCannotBeReadIsNotJudged) {
  tool_->services.garbled = [](const std::string& id) { return id == "right"; };
  auto ended = check({}, tool_->world());
  EXPECT_EQ(ended.report->failed, 1);
  EXPECT_EQ(ended.report->judged.right, 0);
  fill(platform_);
  ended = check({}, tool_->world());
  EXPECT_EQ(ended.end, End::failed) << "not all is known to be well";
  EXPECT_EQ(ended.report->judged.stale, 0);
}

TEST_F(CacheCheckSome, AServiceThatStaysAwayEndsIt) {
  tool_->wait_max = std::chrono::seconds(60);
  tool_->services.cache_away = [] { return true; };
  const auto ended = check({}, tool_->world());
  EXPECT_EQ(ended.end, End::stopped);
  EXPECT_TRUE(ended.message.contains("in vain")) << ended.message;
  EXPECT_FALSE(ended.report);
}

TEST_F(CacheCheckSome, AStopEndsIt) {
  tool_->services.on_cache_read = [this] { tool_->stop.request_stop(); };
  const auto ended = check({}, tool_->world());
  EXPECT_EQ(ended.end, End::stopped);
  EXPECT_EQ(ended.report->asked, 6) << "the users at hand are finished";
}

TEST_F(CacheCheckSome, WhatIsWrongIsTold) {
  CheckOptions options;
  options.source.table = {"sunbird", "none"};
  EXPECT_EQ(check(options, tool_->world()).end, End::usage);
  options = {};
  options.list = platform_.file("no/folder");
  EXPECT_EQ(check(options, tool_->world()).end, End::usage);
  options = {};
  options.source.id_file = platform_.file("none.csv");
  EXPECT_EQ(check(options, tool_->world()).end, End::usage);
}

TEST(CacheCheckSample, TheSeedSaysWhoIsDrawn) {
  Platform platform;
  for (int i = 0; i < 500; ++i) platform.add_plain("user-" + std::to_string(i));
  platform.settle();
  const auto drawn = [&](std::uint64_t seed) {
    Tool tool(platform);
    const auto ended = check({.sample = 30, .seed = seed, .list = platform.file("list")}, tool.world());
    EXPECT_EQ(ended.report->judged.missing, 30);
    return lines_of(platform.file("list"));
  };
  EXPECT_EQ(drawn(1).size(), 30u);
  EXPECT_EQ(drawn(1), drawn(1));
  EXPECT_NE(drawn(1), drawn(2));
}

}  // namespace
}  // namespace lernd::cache_tool
