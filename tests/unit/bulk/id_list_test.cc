#include "bulk/id_list.h"

#include <gtest/gtest.h>

#include "conformance/temporary_folder.h"
#include "support/must.h"

namespace lernd::bulk {
namespace {

TEST(BulkIdList, ReadsBackWhatWasWritten) {
  const TemporaryFolder folder;
  const auto file = must(unnamed_file(folder.path()));
  IdListWriter writer(file);
  constexpr int kIds = 100'000;  // several buffers
  for (int i = 0; i < kIds; ++i) must(writer.add("id-" + std::to_string(i)));
  must(writer.flush());
  EXPECT_EQ(writer.count(), kIds);
  IdListReader reader(file);
  for (int i = 0; i < kIds; ++i) ASSERT_EQ(must(reader.next()), "id-" + std::to_string(i));
  EXPECT_FALSE(must(reader.next()));
}

TEST(BulkIdList, ACutListIsAnError) {
  const TemporaryFolder folder;
  const auto file = must(unnamed_file(folder.path()));
  must(file.append("a\nb"));
  IdListReader reader(file);
  EXPECT_EQ(must(reader.next()), "a");
  EXPECT_FALSE(reader.next());
}

}  // namespace
}  // namespace lernd::bulk
