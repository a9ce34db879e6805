// Opening: what is made, what is refused, and how it is said.
#include "adapters/embedded/database.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "adapters/embedded/connection.h"
#include "adapters/embedded/embedded_search_index.h"
#include "unit/adapters_embedded/embedded_school.h"
#include "unit/adapters_embedded/forked_child.h"

namespace lernd {
namespace {

testing::AssertionResult refused(const std::string& path, ErrorCode code, const std::string& why) {
  const auto database = EmbeddedDatabase::open(path);
  if (!database && database.error().text.find('\n') != std::string::npos) return testing::AssertionFailure() << "more than one line: " << database.error().text;
  return failed(database, Treatment::fatal, code, {path, why});
}

void run_sql(const std::string& path, const char* sql) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
  sqlite3_close(handle);
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class DatabaseTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::string path_ = folder_.file("lernd.db");
};

TEST_F(DatabaseTest, ANewFileIsMadeAndFoundAgain) {
  School::lay_out(path_, 1, 3);
  EmbeddedPorts worker(path_);
  EXPECT_EQ(worker.rows(), 0u);
  EXPECT_EQ(worker.poll().at(0).records.size(), 3u);
}

TEST_F(DatabaseTest, TheFileHasAWriteAheadLogAndIsSynchronous) {
  const auto database = School::opened(path_);
  EXPECT_EQ(database->connection().number("PRAGMA synchronous"), Result<std::optional<std::int64_t>>(2)) << "FULL";
  auto mode = database->connection().select("PRAGMA journal_mode");
  ASSERT_TRUE(mode.next());
  EXPECT_EQ(mode.text(0), "wal");
}

TEST_F(DatabaseTest, MemoryIsOfOneObjectAlone) {
  const auto first = School::opened(":memory:");
  const auto second = School::opened(":memory:");
  ASSERT_TRUE(ok(make_embedded_topic_admin(first)->create("topic", 1)));
  const std::vector<std::string> topics = {"topic"};
  EXPECT_EQ(make_embedded_topic_admin(first)->describe(topics)->at(0).partitions, 1);
  EXPECT_EQ(make_embedded_topic_admin(second)->describe(topics)->at(0).partitions, 0);
}

TEST_F(DatabaseTest, ThePathMustNameAFile) {
  EXPECT_TRUE(refused("", ErrorCode::invalid_option, "empty"));
  EXPECT_TRUE(refused(folder_.file("missing/lernd.db"), ErrorCode::not_found, "directory is not there"));
  EXPECT_TRUE(refused(folder_.path().string(), ErrorCode::not_found, "is a directory"));
}

TEST_F(DatabaseTest, AFileOfAnotherKindIsRefusedAndLeftAsItIs) {
  const std::string text(5000, 'x');
  std::ofstream(path_) << text;
  EXPECT_TRUE(refused(path_, ErrorCode::invalid_option, "not a database"));
  EXPECT_EQ(bytes_of(path_), text);
}

TEST_F(DatabaseTest, TheDatabaseOfAnotherProgramIsRefusedAndLeftAsItIs) {
  run_sql(path_, "CREATE TABLE theirs (a)");
  const std::string before = bytes_of(path_);
  EXPECT_TRUE(refused(path_, ErrorCode::invalid_option, "another program"));
  EXPECT_EQ(bytes_of(path_), before);
}

TEST_F(DatabaseTest, ALayoutOfAnotherVersionIsRefused) {
  School::opened(path_).reset();
  run_sql(path_, "PRAGMA user_version=7");
  EXPECT_TRUE(refused(path_, ErrorCode::invalid_option, "layout 7"));
}

TEST_F(DatabaseTest, AFileOfTheFormerLayoutGetsWhatIsNew) {
  School::lay_out(path_, 1, 5);
  run_sql(path_, "DROP TABLE lernd_index; DROP TABLE lernd_document; PRAGMA user_version=1");
  const auto database = School::opened(path_);
  ASSERT_NE(database, nullptr);
  EXPECT_TRUE(ok(make_embedded_search_index(database)->create("course-batch")));
  const std::vector<std::string> topics = {School::kIn};
  EXPECT_EQ(make_embedded_topic_admin(database)->describe(topics)->at(0).partitions, 1) << "what was there stays";
}

TEST_F(DatabaseTest, ADamagedFileIsRefused) {
  School::lay_out(path_, 1, 500);
  run_sql(path_, "PRAGMA journal_mode=DELETE");
  {
    std::fstream file(path_, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(100);
    file << std::string(3000, '\xee');
  }
  EXPECT_TRUE(refused(path_, ErrorCode::corrupt, "damaged"));
}

// The superuser may write anywhere, so a child process gives up that right first.
TEST_F(DatabaseTest, AReadOnlyFileIsRefused) {
  School::lay_out(path_, 1, 1);
  run_sql(path_, "PRAGMA journal_mode=DELETE");
  ASSERT_EQ(::chmod(path_.c_str(), 0444), 0);
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0555), 0);
  ForkedChild child([&](const auto& tell) {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) return tell("cannot give up the rights of root");
    const auto database = EmbeddedDatabase::open(path_);
    tell(database ? "opened" : std::string(name_of(database.error().code)) + ": " + database.error().text);
  });
  const std::string told = child.wait_until_done();
  EXPECT_EQ(told.find("invalid_option: "), 0u) << told;
  EXPECT_NE(told.find("read-only"), std::string::npos) << told;
  EXPECT_NE(told.find(path_), std::string::npos) << told;
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0755), 0);
}

TEST_F(DatabaseTest, ManyMayOpenANewFileAtTheSameMoment) {
  for (int round = 0; round < 20; ++round) {
    const std::string path = folder_.file("race" + std::to_string(round) + ".db");
    std::vector<Result<std::shared_ptr<EmbeddedDatabase>>> opened(8);
    {
      std::vector<std::jthread> threads;
      for (auto& each : opened) threads.emplace_back([&] { each = EmbeddedDatabase::open(path); });
    }
    for (const auto& each : opened) EXPECT_TRUE(ok(each));
  }
}

TEST_F(DatabaseTest, WhoWaitsTooLongForAnotherWriterMayTryAgain) {
  School::lay_out(path_, 1, 0);
  EmbeddedPorts first(path_);
  EmbeddedPorts second(path_);
  ASSERT_TRUE(ok(second.database->connection().script("PRAGMA busy_timeout=50")));
  ASSERT_TRUE(ok(first.write("a", "1")));
  EXPECT_TRUE(failed(second.write("b", "2"), Treatment::retry, ErrorCode::unavailable, {path_}));
  EXPECT_EQ(second.rows(), 0u) << "readers never wait";
  ASSERT_TRUE(ok(first.tables->flush()));
  EXPECT_TRUE(ok(second.write("b", "2")));
  ASSERT_TRUE(ok(second.tables->flush()));
  EXPECT_EQ(first.rows(), 2u);
}

}  // namespace
}  // namespace lernd
