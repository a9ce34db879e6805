#include "runtime/journal_entry.h"

#include <gtest/gtest.h>

#include "core/json.h"
#include "support/seed.h"
#include "unit/core/random_plan.h"

namespace lernd {
namespace {

JournalEntry random_entry(RandomPlans& plans) {
  JournalEntry entry{.first = {static_cast<std::int64_t>(plans.below(1000))}, .wave = static_cast<int>(plans.below(5)), .time = {1690000000000000}};
  for (auto n = plans.below(4); n > 0; --n) {
    JournalItem item{.offsets = {{1}}, .fingerprint = plans.below(~std::uint64_t{0}), .error = {}, .plan = plans.plan()};
    for (auto more = plans.below(3); more > 0; --more) item.offsets.push_back({static_cast<std::int64_t>(plans.below(1000))});
    if (plans.below(2) == 0) item.error = Error{Treatment::reject, ErrorCode::unpublished_course, "the course has no leaf set"};
    entry.items.push_back(std::move(item));
  }
  return entry;
}

TEST(JournalEntry, ReadsBackEveryEntry) {
  RandomPlans plans(test_seed());
  for (int round = 0; round < 1000; ++round) {
    const JournalEntry entry = random_entry(plans);
    const std::string text = to_text(entry);
    ASSERT_TRUE(is_utf8(text)) << "a text column holds nothing else";
    const auto read = journal_entry_from_text(text);
    ASSERT_TRUE(read) << text;
    ASSERT_EQ(*read, entry) << text;
  }
}

TEST(JournalEntry, EveryTruncationIsCorrupt) {
  RandomPlans plans(test_seed());
  JournalEntry entry = random_entry(plans);
  const std::string text = to_text(entry);
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto read = journal_entry_from_text(text.substr(0, length));
    ASSERT_FALSE(read) << text.substr(0, length);
    ASSERT_EQ(read.error().treatment, Treatment::fatal);
    ASSERT_EQ(read.error().code, ErrorCode::corrupt);
  }
}

TEST(JournalEntry, WhatItDidNotWriteIsCorrupt) {
  const std::string item = R"({"offsets":[1],"fingerprint":"ff","plan":{"stages":[],"outputs":[]}})";
  const auto entry = [](const std::string& items) { return R"({"version":1,"first":0,"wave":0,"time_us":1,"items":)" + items + "}"; };
  ASSERT_TRUE(journal_entry_from_text(entry("[" + item + "]")));
  for (const std::string& text : std::vector<std::string>{
           "[]",
           R"({"version":2,"first":0,"wave":0,"time_us":1,"items":[]})",
           R"({"version":1,"wave":0,"time_us":1,"items":[]})",
           R"({"version":1,"first":0,"time_us":1,"items":[]})",
           R"({"version":1,"first":0,"wave":0,"items":[]})",
           R"({"version":1,"first":0,"wave":0,"time_us":1})",
           R"({"version":1,"first":0,"wave":4294967296,"time_us":1,"items":[]})",
           R"({"version":1,"first":0,"wave":-1,"time_us":1,"items":[]})",
           R"({"version":1,"first":"0","wave":0,"time_us":1,"items":[]})",
           entry("{}"),
           entry("[null]"),
           entry(R"([{"offsets":[],"fingerprint":"ff","plan":{"stages":[],"outputs":[]}}])"),
           entry(R"([{"offsets":["1"],"fingerprint":"ff","plan":{"stages":[],"outputs":[]}}])"),
           entry(R"([{"offsets":[1],"fingerprint":"","plan":{"stages":[],"outputs":[]}}])"),
           entry(R"([{"offsets":[1],"fingerprint":"fg","plan":{"stages":[],"outputs":[]}}])"),
           entry(R"([{"offsets":[1],"fingerprint":"12345678901234567","plan":{"stages":[],"outputs":[]}}])"),
           entry(R"([{"offsets":[1],"fingerprint":"ff"}])"),
           entry(R"([{"offsets":[1],"fingerprint":"ff","plan":{"stages":1,"outputs":[]}}])"),
           entry(R"([{"offsets":[1],"fingerprint":"ff","error":{},"plan":{"stages":[],"outputs":[]}}])"),
       }) {
    const auto read = journal_entry_from_text(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().treatment, Treatment::fatal);
    EXPECT_EQ(read.error().code, ErrorCode::corrupt);
  }
}

}  // namespace
}  // namespace lernd
