#include "bulk/id_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

#include "support/seed.h"

namespace lernd::bulk {
namespace {

TEST(BulkIdSet, TellsFormsOfAUuidApart) {
  IdSet set;
  EXPECT_TRUE(set.insert("3c1e7f52-0d6b-4a19-9c44-5b8f0a7d21e1"));
  EXPECT_FALSE(set.insert("3c1e7f52-0d6b-4a19-9c44-5b8f0a7d21e1"));
  EXPECT_TRUE(set.insert("3C1e7f52-0d6b-4a19-9c44-5b8f0a7d21e1"));
  EXPECT_TRUE(set.insert("3c1e7f52-0d6b-4a19-9c44-5b8f0a7d21e2"));
  EXPECT_TRUE(set.insert("3c1e7f520d6b4a199c445b8f0a7d21e1"));
  EXPECT_TRUE(set.insert(""));
  EXPECT_FALSE(set.insert(""));
  EXPECT_EQ(set.size(), 5u);
}

TEST(BulkIdSet, IsASet) {
  std::mt19937_64 random(test_seed());
  IdSet set;
  std::set<std::string> model;
  for (int i = 0; i < 100'000; ++i) {
    std::string id = std::to_string(random() % 60'000);
    if (random() % 100 == 0) id.append(random() % 3000, 'x');
    ASSERT_EQ(set.insert(id), model.insert(id).second);
  }
  EXPECT_TRUE(set.insert(std::string(3 << 20, 'y')));
  EXPECT_FALSE(set.insert(std::string(3 << 20, 'y')));
  EXPECT_EQ(set.size(), model.size() + 1);
}

}  // namespace
}  // namespace lernd::bulk
