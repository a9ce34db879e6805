#include "bulk/intervals.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "support/seed.h"

namespace lernd::bulk {
namespace {

TEST(BulkIntervals, JoinsNeighbours) {
  Intervals set;
  set.add(0, 2);
  set.add(4, 6);
  set.add(2, 4);
  set.add(7, 7);
  EXPECT_EQ(set.all(), (std::map<std::int64_t, std::int64_t>{{0, 6}}));
  EXPECT_EQ(set.count(), 6);
}

TEST(BulkIntervals, AreASetOfPositions) {
  std::mt19937_64 random(test_seed());
  for (int round = 0; round < 200; ++round) {
    Intervals set;
    std::set<std::int64_t> model;
    for (int i = 0; i < 30; ++i) {
      const auto first = static_cast<std::int64_t>(random() % 100);
      const auto end = first + static_cast<std::int64_t>(random() % 10);
      set.add(first, end);
      for (auto p = first; p < end; ++p) model.insert(p);
    }
    ASSERT_EQ(set.count(), static_cast<std::int64_t>(model.size()));
    for (std::int64_t p = -1; p < 112; ++p) ASSERT_EQ(set.contains(p), model.contains(p));
    std::int64_t before = -2;
    for (const auto& [first, end] : set.all()) {
      ASSERT_TRUE(before < first && first < end) << "disjoint, with a gap between";
      before = end;
    }
  }
}

}  // namespace
}  // namespace lernd::bulk
