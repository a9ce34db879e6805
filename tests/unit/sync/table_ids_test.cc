#include "sync/table_ids.h"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <map>
#include <set>

#include "conformance/temporary_folder.h"
#include "support/manual_clock.h"
#include "support/must.h"
#include "sync/id_list.h"

namespace lernd::sync {
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

class SyncTableIds : public testing::Test {
 protected:
  SyncTableIds() : rejected_(folder_.file("rejected")) {
    options_.type = *object_type_named("user");
    options_.keyspace = "k";
    options_.table = "t";
    options_.column = "id";
    options_.cassandra.concurrency = 3;
    options_.cassandra.ranges = 7;
    for (int i = 0; i < 50; ++i) scan_.rows[(i % 2 == 0 ? kSmallest : kLargest) / 50 * i] = "id-" + std::to_string(i);
    scan_.rows[kSmallest] = "first";
    scan_.rows[kLargest] = "last";
  }
  Result<IdList> read() {
    return read_table_ids({.options = options_,
                           .scan = scan_,
                           .waiter = waiter_,
                           .clock = clock_,
                           .rejected = rejected_,
                           .path = folder_.file("ids"),
                           .on_page = [](std::int64_t) {},
                           .stop = stop_.get_token()});
  }
  std::multiset<std::string> ids() const {
    const auto file = must(open_to_read(folder_.file("ids")));
    IdListReader reader(file);
    std::multiset<std::string> all;
    while (const auto line = must(reader.next())) all.emplace(*line);
    return all;
  }

  const TemporaryFolder folder_;
  Options options_;
  MemoryScan scan_;
  QuickWaiter waiter_;
  ManualClock clock_;
  RejectedIds rejected_;
  std::stop_source stop_;
};

TEST(SyncTokenRanges, CoverTheRingWithoutOverlap) {
  for (const int count : {1, 2, 3, 64, 1000}) {
    const auto ranges = token_ranges(count);
    ASSERT_EQ(ranges.size(), static_cast<std::size_t>(count));
    EXPECT_EQ(ranges.front().first, kSmallest);
    EXPECT_EQ(ranges.back().last, kLargest);
    for (std::size_t i = 1; i < ranges.size(); ++i) ASSERT_EQ(ranges[i].first, ranges[i - 1].last + 1);
  }
}

TEST(SyncIdOf, TextNumberAndUuid) {
  EXPECT_EQ(id_of("a b", false), "a b");
  EXPECT_EQ(id_of(std::int64_t{-7}, false), "-7");
  EXPECT_EQ(id_of(ValueBytes{"\x3c\x1e\x7f\x52\x0d\x6b\x4a\x19\x9c\x44\x5b\x8f\x0a\x7d\x21\xe1"}, true), "3c1e7f52-0d6b-4a19-9c44-5b8f0a7d21e1");
  EXPECT_EQ(id_of(Value(), true), "");
}

TEST_F(SyncTableIds, EveryRowOnceHoweverTheRingIsCut) {
  for (const int ranges : {1, 2, 7, 100}) {
    options_.cassandra.ranges = ranges;
    EXPECT_EQ(must(read()).count, 52);
    const auto all = ids();
    EXPECT_EQ(all.size(), 52u);
    EXPECT_EQ(std::set(all.begin(), all.end()).size(), 52u);
  }
}

TEST_F(SyncTableIds, PagesThatFailAreReadAgain) {
  scan_.fail_first = true;
  EXPECT_EQ(must(read()).count, 52);
  EXPECT_EQ(ids().size(), 52u);
}

TEST_F(SyncTableIds, GivesUpWithoutLeavingAList) {
  scan_.broken = true;
  EXPECT_FALSE(read());
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(SyncTableIds, AnotherPartitionerIsReadInOneGo) {
  scan_.partitioner_name = "org.apache.cassandra.dht.RandomPartitioner";
  EXPECT_EQ(must(read()).count, 52);
}

TEST_F(SyncTableIds, WhatCannotBeSent) {
  scan_.rows = {{1, Value()}, {2, "good"}, {3, "two\nlines"}, {4, ""}};
  const auto list = must(read());
  EXPECT_EQ(list.count, 1);
  ASSERT_EQ(list.warnings.size(), 1u);
  EXPECT_TRUE(rejected_.any());
}

TEST_F(SyncTableIds, ErrorsNameTheParameter) {
  options_.table = "none";
  EXPECT_TRUE(read().error().text.contains("sunbird_cassandra_table"));
  options_.table = "t";
  options_.column = "m";
  EXPECT_TRUE(read().error().text.contains("sunbird_cassandra_column"));
  options_.column = "nope";
  EXPECT_TRUE(read().error().text.contains("sunbird_cassandra_column"));
  options_.column = "id";
  scan_.rows.clear();
  EXPECT_EQ(read().error().treatment, Treatment::reject);
}

TEST_F(SyncTableIds, AStopEndsIt) {
  stop_.request_stop();
  EXPECT_FALSE(read());
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

}  // namespace
}  // namespace lernd::sync
