#include "sync/body.h"

#include <gtest/gtest.h>

namespace lernd::sync {
namespace {

const ObjectType kUser = *object_type_named("user");

std::vector<bulk::Item> items_of(const std::vector<std::string>& lines) {
  std::vector<bulk::Item> items;
  for (const auto& line : lines) items.push_back({.position = std::ssize(items), .line = line});
  return items;
}

TEST(SyncBody, TheBodyIsThatOfTheApi) {
  EXPECT_EQ(body_of(kUser, false, items_of({"id-1", "i\"2"})),
            R"({"request":{"operationFor":"es","objectType":"user","objectIds":["id-1","i\"2"]},"params":{}})");
  EXPECT_EQ(body_of(kUser, true, items_of({"a"})),
            R"({"request":{"operationFor":"es","objectType":"user","operationType":"sync","objectIds":["a"]},"params":{}})");
  EXPECT_EQ(body_of(*object_type_named("user_course"), false, items_of({R"({"userId":"u"})"})),
            R"({"request":{"operationFor":"es","objectType":"user_course","objectIds":[{"userId":"u"}]},"params":{}})");
}

TEST(SyncBody, CutsToTheLargestPrefixThatFits) {
  const auto items = items_of({"aa", "b\"", "ccc"});
  const auto size = [&](std::size_t count) { return body_of(kUser, false, std::span(items).first(count)).size(); };
  for (std::size_t count = 1; count <= 3; ++count) {
    EXPECT_EQ(count_that_fits(kUser, false, items, size(count)), count);
    EXPECT_EQ(count_that_fits(kUser, false, items, size(count) - 1), std::max<std::size_t>(1, count - 1));
  }
  EXPECT_EQ(count_that_fits(kUser, false, items, 1), 1u) << "one id goes out, whatever its size";
}

}  // namespace
}  // namespace lernd::sync
