#include "bulk/blocks.h"

#include <gtest/gtest.h>

#include "conformance/temporary_folder.h"
#include "support/must.h"

namespace lernd::bulk {
namespace {

TEST(BulkBlocks, LeaveOutWhatIsDone) {
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
}  // namespace lernd::bulk
