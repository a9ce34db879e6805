#include "app/cache_tool/rebuild.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/seed.h"
#include "unit/cache_tool/platform.h"

namespace lernd::cache_tool {
namespace {

RebuildOptions options_for(const Platform& platform) { return {.checkpoint = platform.file("checkpoint")}; }

bool exists(const std::string& path) { return std::filesystem::exists(path); }

TEST(CacheRebuild, EveryEntryIsAsTheJobWouldWriteIt) {
  std::mt19937_64 random(test_seed());
  for (const char* layout : {"bmgs", "categories"}) {
    SCOPED_TRACE(layout);
    Platform platform(layout);
    for (int i = 0; i < 700; ++i) platform.add_random("user-" + std::to_string(i), random);
    platform.settle();
    const auto expected = platform.entries_by_the_job();
    ASSERT_NE(expected, platform.entries());
    Tool tool(platform);
    const auto ended = rebuild(options_for(platform), tool.world());
    EXPECT_EQ(ended.end, End::done) << ended.message;
    EXPECT_EQ(platform.entries(), expected);
    const auto& state = ended.report->state;
    EXPECT_EQ(state.done, 700);
    EXPECT_GT(state.written, 0);
    EXPECT_GT(state.unknown, 0);
    EXPECT_GT(state.blocked, 0);
    for (const auto& [id, reads] : tool.services.reads) EXPECT_EQ(reads, 1) << id;
    for (const char* end : {"", ".tail", ".ids", ".ids.new"}) EXPECT_FALSE(exists(platform.file("checkpoint") + end)) << end;
  }
}

TEST(CacheRebuild, TheUsersOfAFile) {
  Platform platform;
  for (const char* id : {"a", "b", "c"}) platform.add_plain(id);
  platform.settle();
  std::ofstream(platform.file("ids.csv")) << "userid\na\n\"b\"\na\nnot an id\n";
  Tool tool(platform);
  auto options = options_for(platform);
  options.source.id_file = platform.file("ids.csv");
  const auto ended = rebuild(options, tool.world());
  EXPECT_EQ(ended.end, End::done);
  EXPECT_EQ(ended.report->users, 2);
  const auto entries = platform.entries();
  EXPECT_TRUE(entries.contains("user:a") && entries.contains("user:b") && !entries.contains("user:c"));
  ASSERT_EQ(tool.warnings.size(), 2u) << "the header, and the line that is no id";
  EXPECT_TRUE(tool.warnings[0].ends_with("space 1; the first is in line 5")) << tool.warnings[0];
}

TEST(CacheRebuild, ThoseLeftOutAreCountedAndListed) {
  Platform platform;
  platform.add_plain("good");
  platform.add("gone", Platform::blocked());
  platform.add("nobody", Platform::unknown());
  platform.add("refused", Platform::error("CLIENT_ERROR", "UOS_OTHER", 400));
  platform.add("profileless", Platform::error("OK", "", 200));
  platform.add(std::string(2000, 'x'), Platform::unknown());
  platform.settle();
  platform.put_entry("gone", {{"state", "kept"}});
  Tool tool(platform);
  const auto options = options_for(platform);
  const auto ended = rebuild(options, tool.world());
  EXPECT_EQ(ended.end, End::failed);
  const auto& state = ended.report->state;
  EXPECT_EQ(state.written, 1);
  EXPECT_EQ(state.blocked, 1);
  EXPECT_EQ(state.unknown, 1);
  EXPECT_EQ(state.failed, (std::map<std::string, std::int64_t>{{"bad_answer", 2}, {"malformed_record", 1}}));
  EXPECT_EQ(tool.waiter.waits, 0) << "answers that are about one user are final";
  EXPECT_EQ(platform.entries().at("user:gone").at("state"), "kept") << "the job leaves such an entry alone";
  const auto left = options.checkpoint + ".left.csv";
  EXPECT_EQ(lines_of(left), (std::multiset<std::string>{"gone,blocked", "nobody,unknown", "refused,failed,bad_answer", "profileless,failed,bad_answer",
                                                        std::string(2000, 'x') + ",failed,malformed_record"}));

  auto again = options;
  again.source.id_file = left;
  EXPECT_EQ(rebuild(again, tool.world()).end, End::usage) << "the list would be emptied while it is read";
  EXPECT_EQ(lines_of(left).size(), 5u);
  again.checkpoint = platform.file("second");
  EXPECT_EQ(rebuild(again, tool.world()).report->state.done, 4) << "the list is an id file, but for an id that no file may hold";
}

TEST(CacheRebuild, ADryRunOnlyTells) {
  Platform platform("categories");
  for (const char* id : {"new", "old", "right"}) platform.add_plain(id);
  platform.settle();
  {
    Tool tool(platform);
    auto options = options_for(platform);
    std::ofstream(platform.file("ids.csv")) << "right\n";
    options.source.id_file = platform.file("ids.csv");
    ASSERT_EQ(rebuild(options, tool.world()).end, End::done);
  }
  platform.put_entry("old", {{"firstname", "Asha"}, {"framework_medium", "old"}});
  const auto before = platform.entries();
  Tool tool(platform);
  auto options = options_for(platform);
  options.dry_run = true;
  const auto ended = rebuild(options, tool.world());
  EXPECT_EQ(ended.end, End::done) << ended.message;
  EXPECT_EQ(ended.report->judged.missing, 1);
  EXPECT_EQ(ended.report->judged.stale, 1);
  EXPECT_EQ(ended.report->judged.right, 1);
  EXPECT_EQ(platform.entries(), before);
  EXPECT_FALSE(exists(options.checkpoint));
  EXPECT_FALSE(exists(options.checkpoint + ".left.csv"));
  EXPECT_TRUE(report_text(*ended.report).contains("would be made     1")) << report_text(*ended.report);
}

TEST(CacheRebuild, AStopEndsBehindABlockAndTheSameCommandGoesOn) {
  Platform platform("bmgs", {{"lernd.http.in_flight_max", "8"}});
  for (int i = 0; i < 300; ++i) platform.add("user-" + std::to_string(i), i % 50 == 7 ? Platform::unknown() : Platform::found({{"userId", i}}));
  platform.settle();
  const auto expected = platform.entries_by_the_job();
  const auto options = options_for(platform);
  std::map<std::string, int> reads;
  std::int64_t done = 0;
  int runs = 0;
  for (End end = End::stopped; end == End::stopped; ++runs) {
    Tool tool(platform);
    int blocks = 0;
    tool.services.on_cache_write = [&] {
      if (++blocks == 2) tool.stop.request_stop();
    };
    const auto ended = rebuild(options, tool.world());
    end = ended.end;
    ASSERT_TRUE(ended.report) << ended.message;
    EXPECT_EQ(ended.report->done_before, done);
    done = ended.report->state.done;
    for (const auto& [id, count] : tool.services.reads) reads[id] += count;
    if (end == End::stopped) {
      EXPECT_TRUE(ended.message.contains("goes on from here")) << ended.message;
      EXPECT_TRUE(ended.report->files.contains("checkpoint") && ended.report->files.contains("left out so far"));
    }
    ASSERT_LT(runs, 10);
  }
  EXPECT_EQ(runs, 3) << "64 users a block, two blocks a run";
  EXPECT_EQ(done, 300);
  EXPECT_EQ(reads.size(), 300u);
  for (const auto& [id, count] : reads) EXPECT_EQ(count, 1) << id;
  EXPECT_EQ(platform.entries(), expected);
  EXPECT_EQ(lines_of(options.checkpoint + ".left.csv").size(), 6u) << "those of all runs, each once";
}

TEST(CacheRebuild, ACheckpointBelongsToItsUsersAndItsAim) {
  Platform platform("bmgs", {{"lernd.http.in_flight_max", "8"}});
  for (int i = 0; i < 100; ++i) platform.add_plain("user-" + std::to_string(i));
  platform.settle();
  const auto options = options_for(platform);
  const auto interrupt = [&] {
    Tool tool(platform);
    tool.services.on_cache_write = [&] { tool.stop.request_stop(); };
    EXPECT_EQ(rebuild(options, tool.world()).end, End::stopped);
  };
  interrupt();
  std::ofstream(platform.file("ids.csv")) << "user-1\n";
  auto listed = options;
  listed.source.id_file = platform.file("ids.csv");
  {
    Tool tool(platform);
    const auto ended = rebuild(listed, tool.world());
    EXPECT_EQ(ended.end, End::usage);
    EXPECT_TRUE(ended.message.contains("--restart")) << ended.message;
    listed.restart = true;
    EXPECT_EQ(rebuild(listed, tool.world()).report->users, 1);
  }
  interrupt();
  std::filesystem::remove(options.checkpoint + ".ids");
  Tool tool(platform);
  EXPECT_EQ(rebuild(options, tool.world()).end, End::usage) << "the list of users is gone";
  std::ofstream(options.checkpoint) << "nonsense";
  EXPECT_EQ(rebuild(options, tool.world()).end, End::usage);
  auto anew = options;
  anew.restart = true;
  const auto ended = rebuild(anew, tool.world());
  EXPECT_EQ(ended.end, End::done) << ended.message;
  EXPECT_EQ(ended.report->done_before, 0);
}

TEST(CacheRebuild, OneRunAtATime) {
  Platform platform;
  platform.add_plain("a");
  platform.settle();
  Tool first(platform);
  Tool second(platform);
  const auto options = options_for(platform);
  first.services.on_cache_write = [&] {
    const auto ended = rebuild(options, second.world());
    EXPECT_EQ(ended.end, End::usage);
    EXPECT_TRUE(ended.message.contains("--checkpoint")) << ended.message;
  };
  EXPECT_EQ(rebuild(options, first.world()).end, End::done);
  EXPECT_TRUE(second.services.reads.empty());
}

TEST(CacheRebuild, KeepsTheRateEvenly) {
  Platform platform;
  for (int i = 0; i < 200; ++i) platform.add_plain("user-" + std::to_string(i));
  platform.settle();
  Tool tool(platform);
  auto options = options_for(platform);
  options.pace = *pace_of("50/s");
  std::vector<std::pair<bulk::Time, std::size_t>> calls;
  tool.services.on_http = [&] { calls.emplace_back(tool.waiter.now(), tool.services.reads.size()); };
  EXPECT_EQ(rebuild(options, tool.world()).end, End::done);
  const auto begin = calls.front().first;
  for (const auto& [time, before] : calls) {
    const auto allowed = 50 * std::chrono::duration<double>(time - begin).count();
    EXPECT_LE(static_cast<double>(before), allowed + 0.1);
  }
  EXPECT_GE(calls.size(), 40u) << "small steps, not one burst a second";
  EXPECT_GE(tool.waiter.now() - begin, std::chrono::milliseconds(3800));
  EXPECT_LE(tool.waiter.now() - begin, std::chrono::milliseconds(4200));
}

TEST(CacheRebuild, Rates) {
  const auto is = [](std::string_view text, std::int64_t count, std::chrono::seconds time) {
    const auto pace = pace_of(text);
    return pace && pace->count == count && pace->time == time;
  };
  EXPECT_TRUE(is("500", 500, std::chrono::seconds(1)));
  EXPECT_TRUE(is("500/s", 500, std::chrono::seconds(1)));
  EXPECT_TRUE(is("30/m", 30, std::chrono::minutes(1)));
  EXPECT_TRUE(is("1000/h", 1000, std::chrono::hours(1)));
  for (const char* wrong : {"", "/s", "x", "5/d", "-1", "5 /s", "5/", "1e3"}) EXPECT_FALSE(pace_of(wrong)) << wrong;
}

TEST(CacheRebuild, WhatIsWrongIsToldBeforeAnythingIsDone) {
  Platform platform;
  platform.add_plain("a");
  platform.settle();
  Tool tool(platform);
  const auto told = [&](RebuildOptions options, const std::string& part) {
    const auto ended = rebuild(options, tool.world());
    EXPECT_EQ(ended.end, End::usage);
    EXPECT_TRUE(ended.message.contains(part)) << ended.message;
    EXPECT_FALSE(ended.report);
  };
  auto options = options_for(platform);
  options.source.table = {"sunbird", "none"};
  told(options, "--table");
  options = options_for(platform);
  options.source.column = "none";
  told(options, "--column");
  options = options_for(platform);
  options.source.id_file = platform.file("none.csv");
  told(options, "--ids");
  options = options_for(platform);
  options.checkpoint = platform.file("no/folder");
  told(options, "no/folder");
  EXPECT_TRUE(tool.services.reads.empty());
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(platform.path()).parent_path())) {
    EXPECT_TRUE(entry.path().filename().string().starts_with("platform.sqlite")) << entry.path();
  }
}

TEST(CacheRebuild, ShowsHowFarItIs) {
  Platform platform("bmgs", {{"lernd.http.in_flight_max", "8"}});
  for (int i = 0; i < 100; ++i) platform.add_plain("user-" + std::to_string(i));
  platform.settle();
  Tool tool(platform);
  const auto ended = rebuild(options_for(platform), tool.world());
  const auto shows = [&](const std::string& part) { return std::ranges::any_of(tool.shown, [&](const auto& line) { return line.contains(part); }); };
  EXPECT_TRUE(shows("reading ids: 100"));
  EXPECT_TRUE(shows(" 64 %  64/100 ids"));
  EXPECT_TRUE(shows("100 %  100/100 ids"));
  EXPECT_TRUE(report_text(*ended.report).contains("written           100\n")) << report_text(*ended.report);
}

}  // namespace
}  // namespace lernd::cache_tool
