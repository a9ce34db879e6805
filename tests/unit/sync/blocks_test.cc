#include "sync/blocks.h"

#include <gtest/gtest.h>

#include "conformance/temporary_folder.h"
#include "support/must.h"

namespace lernd::sync {
namespace {

const ObjectType kUser = *object_type_named("user");

std::vector<Item> items_of(const std::vector<std::string>& lines) {
  std::vector<Item> items;
  for (const auto& line : lines) items.push_back({.position = std::ssize(items), .line = line});
  return items;
}

TEST(SyncBlocks, TheBodyIsThatOfTheApi) {
  EXPECT_EQ(body_of(kUser, false, items_of({"id-1", "i\"2"})),
            R"({"request":{"operationFor":"es","objectType":"user","objectIds":["id-1","i\"2"]},"params":{}})");
  EXPECT_EQ(body_of(kUser, true, items_of({"a"})),
            R"({"request":{"operationFor":"es","objectType":"user","operationType":"sync","objectIds":["a"]},"params":{}})");
  EXPECT_EQ(body_of(*object_type_named("user_course"), false, items_of({R"({"userId":"u"})"})),
            R"({"request":{"operationFor":"es","objectType":"user_course","objectIds":[{"userId":"u"}]},"params":{}})");
}

TEST(SyncBlocks, CutsToTheLargestPrefixThatFits) {
  const auto items = items_of({"aa", "b\"", "ccc"});
  const auto size = [&](std::size_t count) { return body_of(kUser, false, std::span(items).first(count)).size(); };
  for (std::size_t count = 1; count <= 3; ++count) {
    EXPECT_EQ(count_that_fits(kUser, false, items, size(count)), count);
    EXPECT_EQ(count_that_fits(kUser, false, items, size(count) - 1), std::max<std::size_t>(1, count - 1));
  }
  EXPECT_EQ(count_that_fits(kUser, false, items, 1), 1u) << "one id goes out, whatever its size";
}

TEST(SyncBlocks, LeaveOutWhatIsDone) {
  const TemporaryFolder folder;
  const auto file = must(unnamed_file(folder.path()));
  must(file.append("a\nb\nc\nd\ne\n"));
  Intervals done;
  done.add(1, 3);
  BlockReader reader(file, done, 2);
  const auto first = must(reader.next());
  ASSERT_TRUE(first);
  EXPECT_EQ(first->number, 1);
  EXPECT_EQ(first->items[0].line + first->items[1].line, "ad");
  EXPECT_EQ(first->items[1].position, 3);
  const auto second = must(reader.next());
  ASSERT_TRUE(second);
  EXPECT_EQ(second->number, 2);
  EXPECT_EQ(second->items.size(), 1u);
  EXPECT_FALSE(must(reader.next()));
}

}  // namespace
}  // namespace lernd::sync
