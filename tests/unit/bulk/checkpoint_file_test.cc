#include "bulk/checkpoint_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "conformance/temporary_folder.h"
#include "support/must.h"

namespace lernd::bulk {
namespace {

TEST(BulkCheckpointFile, HoldsWhatWasSavedAndNotedSince) {
  const TemporaryFolder folder;
  const auto path = folder.file("c.json");
  {
    const auto file = must(CheckpointFile::open(path, "--option"));
    EXPECT_FALSE(must(file.load()));
    must(file.note("lost"));
    must(file.save("text"));
    must(file.note("one"));
    must(file.note("two"));
    std::ofstream(path + ".tail", std::ios::app) << "thr";
  }
  const auto file = must(CheckpointFile::open(path, "--option"));
  const auto content = must(file.load());
  ASSERT_TRUE(content);
  EXPECT_EQ(content->text, "text");
  EXPECT_EQ(content->tail, "one\ntwo\n");
  must(file.save("other"));
  EXPECT_EQ(must(file.load())->tail, "");
  must(file.remove());
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(BulkCheckpointFile, HasOneHolder) {
  const TemporaryFolder folder;
  const auto first = must(CheckpointFile::open(folder.file("c.json"), "--option"));
  const auto second = CheckpointFile::open(folder.file("c.json"), "--option");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::fenced);
  EXPECT_TRUE(second.error().text.contains("--option"));
  must(first.tidy());
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace lernd::bulk
