// The pure parts: what is compared, what is kept, what is listed.
#include <gtest/gtest.h>

#include <fstream>

#include "app/cache_tool/check.h"
#include "app/cache_tool/judge.h"
#include "app/cache_tool/left_list.h"
#include "app/cache_tool/rebuild.h"
#include "app/cache_tool/rebuild_state.h"
#include "unit/cache_tool/platform.h"

namespace lernd::cache_tool {
namespace {

using Kind = Judgement::Kind;
using Fields = std::vector<std::pair<std::string, std::string>>;

CacheValue entry(Fields fields) { return {.fields = std::move(fields)}; }
CacheWrite write(Fields fields, std::vector<std::string> drop) {
  return {.kind = CacheWrite::Kind::put_fields, .value = entry(std::move(fields)), .drop = std::move(drop)};
}

TEST(CacheJudge, WhatTheJobWouldChange) {
  const auto wanted = write({{"a", "1"}, {"b", ""}}, {"gone"});
  EXPECT_EQ(judge(wanted, entry({})), (Judgement{Kind::missing, {}}));
  EXPECT_EQ(judge(wanted, entry({{"a", "1"}, {"b", ""}, {"other", "x"}})), (Judgement{Kind::right, {}}));
  EXPECT_EQ(judge(wanted, entry({{"a", "2"}, {"gone", "x"}})), (Judgement{Kind::stale, {"a", "b", "gone"}}));
}

TEST(CacheJudge, AddsUp) {
  JudgementCounts counts;
  counts.add({Kind::right, {}});
  counts.add({Kind::missing, {}});
  counts.add({Kind::stale, {"a", "b"}});
  counts.add({Kind::stale, {"a"}});
  EXPECT_EQ(counts.right, 1);
  EXPECT_EQ(counts.missing, 1);
  EXPECT_EQ(counts.stale, 2);
  EXPECT_EQ(counts.fields, (std::map<std::string, std::int64_t>{{"a", 2}, {"b", 1}}));
}

TEST(CacheReport, ANameOfAFieldCannotRunATerminal) {
  CheckReport report{.source = "t"};
  report.judged.add({Kind::stale, {"x\x1b[31m"}});
  EXPECT_FALSE(report_text(report).contains('\x1b'));
  EXPECT_EQ(nlohmann::json::parse(report_json(report))["stale_fields"].begin().key(), "x\x1b[31m");
}

RebuildCheckpoint sample() {
  RebuildCheckpoint checkpoint{.fingerprint = "f", .source = "sunbird.user.id", .total = 100, .list_sha256 = "l", .state = {}};
  for (int i = 0; i < 5; ++i) checkpoint.state.add({.kind = Fate::Kind::done});
  checkpoint.state.add({.kind = Fate::Kind::unknown});
  checkpoint.state.add({.kind = Fate::Kind::blocked});
  checkpoint.state.add({.kind = Fate::Kind::failed, .code = ErrorCode::bad_answer});
  checkpoint.state.left_bytes = 33;
  return checkpoint;
}

TEST(CacheRebuildState, ReadsBackWhatWasWritten) {
  EXPECT_EQ(must(read_checkpoint(checkpoint_json(sample()))), sample());
  EXPECT_EQ(sample().state.done, 8);
}

TEST(CacheRebuildState, TakesNothingElse) {
  const auto good = checkpoint_json(sample());
  for (const auto& [from, to] : std::map<std::string, std::string>{{"\"format\":1", "\"format\":2"},
                                                                   {"\"done\":8", "\"done\":9"},
                                                                   {"\"total\":100", "\"total\":7"},
                                                                   {"\"unknown\":1", "\"unknown\":-1"},
                                                                   {"\"bad_answer\":1", "\"bad_answer\":\"x\""},
                                                                   {"left_bytes", "left"},
                                                                   {"{", "["}}) {
    auto bad = good;
    bad.replace(bad.find(from), from.size(), to);
    EXPECT_FALSE(read_checkpoint(bad)) << bad;
  }
}

TEST(CacheRebuildState, TheNewestLineOfTheTailCounts) {
  const TemporaryFolder folder;
  const auto file = must(bulk::CheckpointFile::open(folder.file("c"), "--checkpoint"));
  EXPECT_FALSE(must(load(file)));
  must(save(file, sample()));
  auto newer = sample();
  for (int i = 0; i < 2; ++i) {
    newer.state.add({.kind = Fate::Kind::done});
    must(note(file, newer.state));
  }
  std::ofstream(folder.file("c.tail"), std::ios::app) << "nonsense\n{\"done\":99}\n{\"done\":";
  EXPECT_EQ(must(load(file)), newer);
  must(file.save("{}"));
  EXPECT_EQ(load(file).error().code, ErrorCode::corrupt);
}

TEST(CacheLeftList, GoesOnBehindWhatTheCheckpointKnows) {
  const TemporaryFolder folder;
  const auto path = folder.file("left.csv");
  std::int64_t known = 0;
  {
    auto list = must(LeftList::open(path, 0));
    list.add("good", {.kind = Fate::Kind::done});
    list.add("a,b", {.kind = Fate::Kind::unknown});
    must(list.flush());
    known = list.bytes();
    list.add("twice", {.kind = Fate::Kind::blocked});
    must(list.flush());
  }
  auto list = must(LeftList::open(path, known));
  list.add("twice", {.kind = Fate::Kind::blocked});
  list.add("c", {.kind = Fate::Kind::failed, .code = ErrorCode::timed_out});
  must(list.flush());
  EXPECT_EQ(lines_of(path), (std::multiset<std::string>{"\"a,b\",unknown", "twice,blocked", "c,failed,timed_out"}));
  must(list.tidy());
  EXPECT_TRUE(std::filesystem::exists(path));
  const auto empty = must(LeftList::open(path, 0));
  must(empty.tidy());
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(must(LeftList::open(path, 1000)).bytes(), 0) << "a list that was taken away begins anew";
}

}  // namespace
}  // namespace lernd::cache_tool
