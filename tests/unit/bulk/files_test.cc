#include "bulk/files.h"

#include <gtest/gtest.h>

#include "conformance/temporary_folder.h"
#include "support/must.h"

namespace lernd::bulk {
namespace {

TEST(BulkFiles, ReplacesAsAWhole) {
  const TemporaryFolder folder;
  must(replace_file(folder.file("a"), "one"));
  must(replace_file(folder.file("a"), "two"));
  EXPECT_EQ(must(read_file(folder.file("a"), 10)), "two");
  EXPECT_FALSE(file_exists(folder.file("a.new")));
  EXPECT_FALSE(read_file(folder.file("a"), 2));
}

TEST(BulkFiles, ErrorsNameTheFile) {
  const TemporaryFolder folder;
  const auto missing = read_file(folder.file("none"), 10);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_TRUE(missing.error().text.contains("none cannot be read: No such file")) << missing.error().text;
  EXPECT_FALSE(read_file(folder.path(), 10)) << "a folder";
  const auto first = must(create_file(folder.file("x")));
  EXPECT_FALSE(create_file(folder.file("x")));
  must(remove_file(folder.file("none")));
}

TEST(BulkFiles, OneHolderOfALock) {
  const TemporaryFolder folder;
  auto first = must(open_folder(folder.path()));
  const auto second = must(open_folder(folder.path()));
  EXPECT_TRUE(must(first.lock()));
  EXPECT_FALSE(must(second.lock()));
  first = File();
  EXPECT_TRUE(must(second.lock()));
}

TEST(BulkFiles, AnUnnamedFileLeavesNothing) {
  const TemporaryFolder folder;
  const auto file = must(unnamed_file(folder.path()));
  must(file.append("abc"));
  char bytes[4];
  EXPECT_EQ(must(file.read_at(bytes, sizeof bytes, 1)), 2u);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace lernd::bulk
