#include "bulk/table_ids.h"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <map>
#include <set>

#include "bulk/id_list.h"
#include "conformance/temporary_folder.h"
#include "support/manual_clock.h"
#include "support/must.h"

namespace lernd::bulk {
namespace {

constexpr auto kSmallest = std::numeric_limits<std::int64_t>::min();
constexpr auto kLargest = std::numeric_limits<std::int64_t>::max();

/// A table in memory: token → id, pages of two rows. Every page fails once when asked to.
class MemoryScan final : public TableScan {
 public:
  Result<ScanPage> page(const ScanQuery& query, const std::string& position) override {
    const std::scoped_lock lock(mutex_);
    if (fail_first && failed_.insert({query.range ? query.range->first : 0, position}).second) return fail(Treatment::retry, ErrorCode::timed_out, "too slow");
    if (broken) return fail(Treatment::retry, ErrorCode::unavailable, "away");
    ScanPage page;
    const auto from = position.empty() ? (query.range ? query.range->first : kSmallest) : std::stoll(position);
    for (auto at = rows.lower_bound(from); at != rows.end() && (!query.range || at->first <= query.range->last); ++at) {
      if (page.values.size() == 2) {
        page.next = std::to_string(at->first);
        break;
      }
      page.values.push_back(at->second);
    }
    return page;
  }
  Result<std::optional<TableSchema>> describe(const TableName& table) override {
    if (table.table == "none") return std::nullopt;
    return TableSchema{.name = table, .columns = {{"id", type}, {"other", "text"}, {"m", "map<text, int>"}}, .key = {"id"}};
  }
  Result<std::string> partitioner() override { return partitioner_name; }

  std::map<std::int64_t, Value> rows;
  std::string type = "text";
  std::string partitioner_name = "org.apache.cassandra.dht.Murmur3Partitioner";
  bool fail_first = false;
  bool broken = false;

 private:
  std::mutex mutex_;
  std::set<std::pair<std::int64_t, std::string>> failed_;
};

class QuickWaiter final : public Waiter {
 public:
  Time now() override { return {}; }
  bool wait_until(Time, const std::stop_token& stop) override { return !stop.stop_requested(); }
};

class BulkTableIds : public testing::Test {
 protected:
  BulkTableIds() {
    for (int i = 0; i < 50; ++i) scan_.rows[(i % 2 == 0 ? kSmallest : kLargest) / 50 * i] = "id-" + std::to_string(i);
    scan_.rows[kSmallest] = "first";
    scan_.rows[kLargest] = "last";
  }
  Result<IdList> read() {
    return read_table_ids({.from = from_,
                           .options = options_,
                           .scan = scan_,
                           .parts = {.waiter = waiter_, .clock = clock_, .on_retry = [this](const Error&) { ++retries_; }, .stop = stop_.get_token()},
                           .path = folder_.file("ids"),
                           .reject =
                               [this](std::int64_t, std::string_view reason, std::string_view) {
                                 rejected_.emplace_back(reason);
                                 return Result<void>();
                               },
                           .on_page = [](std::int64_t) {}});
  }
  std::multiset<std::string> ids() const {
    const auto file = must(open_to_read(folder_.file("ids")));
    IdListReader reader(file);
    std::multiset<std::string> all;
    while (const auto line = must(reader.next())) all.emplace(*line);
    return all;
  }

  const TemporaryFolder folder_;
  IdColumn from_{.table = {"k", "t"}, .column = "id", .table_remedy = "try another table", .column_remedy = "try another column"};
  TableReadOptions options_{.concurrency = 3, .ranges = 7};
  MemoryScan scan_;
  QuickWaiter waiter_;
  ManualClock clock_;
  std::vector<std::string> rejected_;
  std::atomic<int> retries_{0};
  std::stop_source stop_;
};

TEST(BulkTokenRanges, CoverTheRingWithoutOverlap) {
  for (const int count : {1, 2, 3, 64, 1000}) {
    const auto ranges = token_ranges(count);
    ASSERT_EQ(ranges.size(), static_cast<std::size_t>(count));
    EXPECT_EQ(ranges.front().first, kSmallest);
    EXPECT_EQ(ranges.back().last, kLargest);
    for (std::size_t i = 1; i < ranges.size(); ++i) ASSERT_EQ(ranges[i].first, ranges[i - 1].last + 1);
  }
}

TEST(BulkIdOf, TextNumberAndUuid) {
  EXPECT_EQ(id_of("a b", false), "a b");
  EXPECT_EQ(id_of(std::int64_t{-7}, false), "-7");
  EXPECT_EQ(id_of(ValueBytes{"\x3c\x1e\x7f\x52\x0d\x6b\x4a\x19\x9c\x44\x5b\x8f\x0a\x7d\x21\xe1"}, true), "3c1e7f52-0d6b-4a19-9c44-5b8f0a7d21e1");
  EXPECT_EQ(id_of(Value(), true), "");
}

TEST_F(BulkTableIds, EveryRowOnceHoweverTheRingIsCut) {
  for (const int ranges : {1, 2, 7, 100}) {
    options_.ranges = ranges;
    EXPECT_EQ(must(read()).count, 52);
    const auto all = ids();
    EXPECT_EQ(all.size(), 52u);
    EXPECT_EQ(std::set(all.begin(), all.end()).size(), 52u);
  }
}

TEST_F(BulkTableIds, PagesThatFailAreReadAgain) {
  scan_.fail_first = true;
  EXPECT_EQ(must(read()).count, 52);
  EXPECT_GT(retries_, 0);
  EXPECT_EQ(ids().size(), 52u);
}

TEST_F(BulkTableIds, GivesUpWithoutLeavingAList) {
  scan_.broken = true;
  EXPECT_FALSE(read());
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(BulkTableIds, AnotherPartitionerIsReadInOneGo) {
  scan_.partitioner_name = "org.apache.cassandra.dht.RandomPartitioner";
  EXPECT_EQ(must(read()).count, 52);
}

TEST_F(BulkTableIds, WhatCannotBeSent) {
  scan_.rows = {{1, Value()}, {2, "good"}, {3, "two\nlines"}, {4, ""}};
  const auto list = must(read());
  EXPECT_EQ(list.count, 1);
  ASSERT_EQ(list.warnings.size(), 1u);
  EXPECT_EQ(rejected_, std::vector<std::string>{"control"});
}

TEST_F(BulkTableIds, TheListHoldsWhatTheCallerMakesOfAnId) {
  scan_.rows = {{1, "a"}};
  options_.line_of = [](std::string_view id) { return "<" + std::string(id) + ">"; };
  EXPECT_EQ(must(read()).count, 1);
  EXPECT_EQ(ids(), std::multiset<std::string>{"<a>"});
}

TEST_F(BulkTableIds, ErrorsEndWithTheRemedy) {
  from_.table.table = "none";
  EXPECT_TRUE(read().error().text.ends_with("try another table"));
  from_.table.table = "t";
  for (const char* column : {"m", "nope"}) {
    from_.column = column;
    EXPECT_TRUE(read().error().text.ends_with("try another column"));
  }
  from_.column = "id";
  scan_.rows.clear();
  EXPECT_EQ(read().error().treatment, Treatment::reject);
}

TEST_F(BulkTableIds, AStopEndsIt) {
  stop_.request_stop();
  EXPECT_FALSE(read());
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

}  // namespace
}  // namespace lernd::bulk
