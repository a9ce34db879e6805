#include "app/cache_tool/sample.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "support/seed.h"
#include "unit/cache_tool/platform.h"

namespace lernd::cache_tool {
namespace {

/// A table with tokens, in memory; every seventh page fails at first.
class RingScan final : public TableScan {
 public:
  explicit RingScan(const std::map<std::int64_t, Value>& rows) : rows_(rows) {}
  Result<ScanPage> page(const ScanQuery& query, const std::string& position) override {
    if (++pages_ % 7 == 0) return fail(Treatment::retry, ErrorCode::timed_out, "slow");
    ScanPage page;
    auto at = rows_.lower_bound(query.range ? query.range->first : std::numeric_limits<std::int64_t>::min());
    if (!position.empty()) at = rows_.lower_bound(std::stoll(position));
    const auto rows_max = query.rows_max > 0 ? query.rows_max : rows_.size();
    for (; at != rows_.end() && page.values.size() < rows_max && (!query.range || at->first <= query.range->last); ++at) page.values.push_back(at->second);
    return page;
  }
  Result<std::optional<TableSchema>> describe(const TableName& table) override {
    return TableSchema{.name = table, .columns = {{"id", "text"}}, .key = {"id"}};
  }
  Result<std::string> partitioner() override { return std::string("org.apache.cassandra.dht.Murmur3Partitioner"); }

 private:
  const std::map<std::int64_t, Value>& rows_;
  int pages_ = 0;
};

class RingServices final : public Services {
 public:
  Result<Ports> open_worker(int) override { return none(); }
  Result<Ports> open() override { return none(); }
  Result<std::unique_ptr<TableStore>> open_tables() override { return none(); }
  Result<std::unique_ptr<Cache>> open_cache() override { return none(); }
  Result<std::unique_ptr<HttpClient>> open_http() override { return none(); }
  Result<std::unique_ptr<SearchIndex>> open_search() override { return none(); }
  Result<std::unique_ptr<TopicAdmin>> open_topics() override { return none(); }
  Result<std::unique_ptr<TableScan>> open_scan() override { return std::make_unique<RingScan>(rows); }
  bool embedded() const override { return false; }

  std::map<std::int64_t, Value> rows;

 private:
  static std::unexpected<Error> none() { return fail(Treatment::fatal, ErrorCode::internal, "not here"); }
};

class CacheSample : public testing::Test {
 protected:
  std::vector<std::string> draw(std::size_t count, std::uint64_t seed) {
    Tool tool(platform_);
    World world = tool.world();
    return must(sampled_users({}, count, seed,
                              {.setup = world.setup,
                               .services = services_,
                               .clock = world.clock,
                               .waiter = world.waiter,
                               .progress = world.progress,
                               .warn = world.warn,
                               .stop = world.stop}));
  }
  void fill(int count, std::mt19937_64& random) {
    for (int i = 0; i < count; ++i) services_.rows[static_cast<std::int64_t>(random())] = "user-" + std::to_string(i);
  }

  const Platform platform_;
  RingServices services_;
};

TEST_F(CacheSample, EachOnceAndTheSameForTheSameSeed) {
  const auto seed = test_seed();
  std::mt19937_64 random(seed);
  fill(5000, random);
  const auto users = draw(300, seed);
  EXPECT_EQ(users.size(), 300u);
  EXPECT_EQ(std::set(users.begin(), users.end()).size(), 300u);
  EXPECT_EQ(draw(300, seed), users);
  EXPECT_NE(draw(300, seed + 1), users);
}

TEST_F(CacheSample, AllOfATableThatIsNotLarger) {
  std::mt19937_64 random(test_seed());
  fill(50, random);
  EXPECT_EQ(draw(50, 1).size(), 50u);
  EXPECT_EQ(draw(1000, 1).size(), 50u);
  EXPECT_EQ(draw(49, 1).size(), 49u) << "by drawing";
}

TEST_F(CacheSample, TheRingHasNoEnds) {
  // All rows lie in a small part of the ring, so that most positions are behind the last one.
  for (int i = 0; i < 100; ++i) services_.rows[std::numeric_limits<std::int64_t>::min() + i] = "user-" + std::to_string(i);
  const auto users = draw(1, 3);
  EXPECT_EQ(users, std::vector<std::string>{"user-0"});
}

TEST_F(CacheSample, NearlyEveryoneIsDrawnSoonerOrLater) {
  std::mt19937_64 random(test_seed());
  fill(50, random);
  std::set<std::string> met;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    for (auto& user : draw(10, seed)) met.insert(std::move(user));
  }
  EXPECT_GE(met.size(), 40u) << "only who stands right behind another one is hard to meet";
}

TEST_F(CacheSample, RowsWithoutAnIdAreNobody) {
  services_.rows = {{1, Value()}, {2, "a"}, {3, "two\nlines"}, {4, ""}};
  EXPECT_EQ(draw(10, 1), std::vector<std::string>{"a"});
}

}  // namespace
}  // namespace lernd::cache_tool
