#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conformance/search_index_suite.h"

namespace lernd {
namespace {

using Ids = std::vector<std::string>;

TEST_P(SearchIndexSuite, ASearchFindsTextsAndMembersOfLists) {
  put("b1", R"({"createdBy":"u1","mentors":["u2","u3"],"status":"1"})");
  put("b2", R"({"createdBy":"u2","mentors":["u1"],"status":"1"})");
  put("b3", R"({"createdBy":"u1","mentors":[],"status":"2"})");
  EXPECT_EQ(found({{"createdBy", "u1"}}), (Ids{"b1", "b3"}));
  EXPECT_EQ(found({{"mentors", "u3"}}), Ids{"b1"});
  EXPECT_EQ(found({{"createdBy", "u1"}, {"status", "1"}}), Ids{"b1"});
  EXPECT_EQ(found({{"createdBy", "u9"}}), Ids{});
  EXPECT_EQ(found({{"never", "u1"}}), Ids{});
  EXPECT_EQ(found({}), (Ids{"b1", "b2", "b3"}));
}

TEST_P(SearchIndexSuite, OnlyTheVeryTextIsFound) {
  put("b1", R"({"name":"one two"})");
  put("b2", R"({"name":"two one"})");
  put("b3", R"({"name":"one"})");
  put("b4", R"({"name":"One Two"})");
  put("b5", R"({"name":"72d8cd69-2469-4234-82e7-6b849e0a28d9"})");
  put("b6", R"({"name":"--"})");
  EXPECT_EQ(found({{"name", "one two"}}), Ids{"b1"});
  EXPECT_EQ(found({{"name", "one"}}), Ids{"b3"});
  EXPECT_EQ(found({{"name", "72d8cd69-2469-4234-82e7-6b849e0a28d9"}}), Ids{"b5"});
  EXPECT_EQ(found({{"name", "72d8cd69"}}), Ids{});
  EXPECT_EQ(found({{"name", "--"}}), Ids{"b6"});
}

TEST_P(SearchIndexSuite, ANumberIsNoText) {
  put("b1", R"({"status":1})");
  EXPECT_EQ(found({{"status", "1"}}), Ids{});
  EXPECT_EQ(found({{"status", "none"}}), Ids{});
}

TEST_P(SearchIndexSuite, SearchesSeeAnUpdateWhenItReturns) {
  put("b1", R"({"createdBy":"u1"})");
  ASSERT_EQ(found({{"createdBy", "u1"}}), Ids{"b1"});
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(gives(update("b1", fmt::format(R"({{"createdBy":"v{}"}})", i)), true));
    ASSERT_EQ(found({{"createdBy", fmt::format("v{}", i)}}), Ids{"b1"});
  }
  EXPECT_EQ(found({{"createdBy", "u1"}}), Ids{});
  EXPECT_TRUE(ok(index_->refresh(name_)));
}

TEST_P(SearchIndexSuite, ASearchGivesTheVersionsForUpdates) {
  put("b1", R"({"createdBy":"u1"})");
  const auto documents = index_->search(name_, {});
  ASSERT_TRUE(ok(documents));
  ASSERT_EQ(documents->size(), 1u);
  const StoredDocument& document = documents->front().second;
  EXPECT_EQ(document, stored("b1"));
  EXPECT_TRUE(gives(update(id("b1"), R"({"createdBy":"u2"})", document.version), true));
}

TEST_P(SearchIndexSuite, ASearchGoesToTheEnd) {
  constexpr std::size_t kCount = 10'050;
  std::vector<NewDocument> documents;
  for (std::size_t i = 0; i < kCount; ++i) documents.push_back({.document = id(fmt::format("b{}", i)), .source = R"({"createdBy":"u1"})"});
  for (const auto& outcome : index_->put(documents)) ASSERT_TRUE(ok(outcome));
  const auto ids = found({{"createdBy", "u1"}});
  EXPECT_EQ(ids.size(), kCount);
  EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), kCount) << "each once";
  EXPECT_TRUE(std::ranges::is_sorted(ids));
}

}  // namespace
}  // namespace lernd
