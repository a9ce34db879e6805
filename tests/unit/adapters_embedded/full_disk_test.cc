// A full disk: stop without committing, nothing lost.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#include "adapters/embedded/connection.h"
#include "unit/adapters_embedded/embedded_school.h"

namespace lernd {
namespace {

/// Files of this process cannot grow beyond `bytes` while this lives: writing more fails, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : signal_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, signal_);
  }

 private:
  rlimit before_{};
  void (*signal_)(int);
};

class FullDiskTest : public testing::Test {
 protected:
  void SetUp() override { School::lay_out(path_, 1, 5); }

  testing::AssertionResult is_full(const Result<void>& result) { return failed(result, Treatment::fatal, ErrorCode::disk_full, {path_}); }
  rlim_t log_bytes() const {
    struct stat file{};
    return ::stat((path_ + "-wal").c_str(), &file) == 0 ? static_cast<rlim_t>(file.st_size) : 0;
  }
  /// What is found when the file is opened again: the first commit and nothing else; and it can be worked with.
  void expect_first_commit_only() {
    EmbeddedPorts worker(path_);
    // Without room the former member could not leave the group. Its process ends, as a rule; here it is this one, and goes on.
    ASSERT_TRUE(ok(worker.database->connection().script("DELETE FROM lernd_member")));
    EXPECT_EQ(worker.rows(), 1u);
    EXPECT_EQ(worker.outputs(), 1u);
    EXPECT_EQ(worker.position(), Offset{1});
    EXPECT_EQ(worker.poll().at(0).records.at(0).value, "1");
    ASSERT_TRUE(ok(worker.write("after", "x")));
    EXPECT_TRUE(ok(worker.commit("after", 0, Offset{2})));
  }
  static void first_commit(EmbeddedPorts& worker) {
    worker.poll();
    ASSERT_TRUE(ok(worker.write("first", "x")));
    ASSERT_TRUE(ok(worker.commit("first", 0, Offset{1})));
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.file("lernd.db");
};

TEST_F(FullDiskTest, ACommitThatFindsNoRoomLeavesNothing) {
  {
    EmbeddedPorts worker(path_);
    first_commit(worker);
    ASSERT_TRUE(ok(worker.write("second", std::string(100000, 'x'))));
    const FileSizeLimit limit(log_bytes() + 8192);
    EXPECT_TRUE(is_full(worker.commit("second", 0, Offset{2})));
    EXPECT_TRUE(is_full(worker.commit("second", 0, Offset{2}))) << "the rows are gone: their position must not move";
  }
  expect_first_commit_only();
}

TEST_F(FullDiskTest, AWriteThatFindsNoRoomIsToldForEveryElement) {
  {
    EmbeddedPorts worker(path_);
    first_commit(worker);
    std::vector<RowGroup> groups;
    for (int i = 0; i < 40; ++i) {
      groups.push_back({{.table = School::kTable, .key = {{"id", "big" + std::to_string(i)}}, .set = {{"value", std::string(1 << 20, 'x')}}}});
    }
    std::vector<TimedGroup> timed;
    for (const RowGroup& group : groups) timed.push_back({.rows = &group});
    const FileSizeLimit limit(log_bytes() + 65536);
    const auto answers = worker.tables->write(timed);
    ASSERT_EQ(answers.size(), timed.size());
    for (const auto& answer : answers) EXPECT_TRUE(is_full(answer));
    EXPECT_TRUE(is_full(worker.tables->flush()));
    EXPECT_TRUE(is_full(worker.commit("second", 0, Offset{2})));
  }
  expect_first_commit_only();
}

TEST_F(FullDiskTest, ADatabaseThatMayNotGrowIsFullToo) {
  {
    EmbeddedPorts worker(path_);
    first_commit(worker);
    ASSERT_TRUE(worker.database->connection().number("PRAGMA max_page_count=1"));  // as small as it is now
    Result<void> written;
    for (int i = 0; i < 200 && written; ++i) written = worker.write("row" + std::to_string(i), std::string(4000, 'x'));
    EXPECT_TRUE(is_full(written));
    EXPECT_TRUE(is_full(worker.commit("second", 0, Offset{2})));
  }
  expect_first_commit_only();
}

TEST_F(FullDiskTest, ProducingWithoutRoomLeavesTheTopicAsItWas) {
  {
    EmbeddedPorts worker(path_);
    first_commit(worker);
    const OutputRecord record{.topic = School::kIn, .value = std::string(200000, 'x')};
    const FileSizeLimit limit(log_bytes() + 8192);
    EXPECT_TRUE(is_full(worker.admin->produce(std::span(&record, 1), 0)));
    EXPECT_EQ(worker.log->progress()->at(0).end, Offset{5});
  }
  expect_first_commit_only();
}

}  // namespace
}  // namespace lernd
