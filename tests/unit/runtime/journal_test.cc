#include "runtime/journal.h"

#include <gtest/gtest.h>

#include "adapters/embedded/embedded_table_store.h"
#include "runtime/worker.h"
#include "support/manual_clock.h"

namespace lernd {
namespace {

const TopicPartition kSource{"in", 3};

class JournalTest : public ::testing::Test {
 protected:
  JournalTest() {
    auto database = EmbeddedDatabase::open(":memory:");
    EXPECT_TRUE(database.has_value());
    tables_ = make_embedded_table_store(*database);
    for (const TableSchema& table : journal_tables(kName)) EXPECT_TRUE(tables_->create(table).has_value());
  }

  Journal journal() { return {*tables_, kName, "group", clock_}; }
  static Result<Journal::Outcome> write(Journal&& journal, JournalEntry entry) { return write(journal, std::move(entry)); }
  static Result<Journal::Outcome> write(Journal& journal, JournalEntry entry) {
    const Journal::Draft draft{kSource, std::move(entry)};
    return journal.write({&draft, 1}).front();
  }

  std::size_t rows_in(const TableName& table) {
    const RowsQuery query{table, {}, {}};
    return tables_->read(std::span(&query, 1)).front()->size();
  }

  static JournalEntry entry(std::int64_t first, int wave, std::size_t text_bytes = 3) {
    JournalEntry entry{.first = {first}, .wave = wave, .time = {1'700'000'000'000'000}};
    JournalItem item{.offsets = {{first}, {first + 2}}, .fingerprint = 0xfedcba9876543210ULL, .error = Error{Treatment::reject, ErrorCode::bad_answer, "why"}};
    append_stage(item.plan,
                 {{.table = {"k", "t"},
                   .key = {{"id", "\"quoted\" \xc3\xbc"}},
                   .set = {{"n", std::int64_t{7}}, {"t", Timestamp{5}}, {"m", ValueMap{{{"completedCount", 2.0}}}, Assignment::Mode::merge}}}},
                 10);
    item.plan.outputs.push_back({.topic = "out", .value = std::string(text_bytes, 'x') + "\xc3\xbc\xe2\x82\xac"});
    entry.items.push_back(std::move(item));
    return entry;
  }

  static inline const TableName kName{"lernd", "journal"};
  ManualClock clock_;
  std::unique_ptr<TableStore> tables_;
};

TEST_F(JournalTest, GivesBackWhatWasWritten) {
  auto writer = journal();
  ASSERT_EQ(write(writer, entry(10, 0)), Journal::Outcome::written);
  ASSERT_EQ(write(writer, entry(10, 1)), Journal::Outcome::written);
  ASSERT_EQ(write(writer, entry(20, 0)), Journal::Outcome::written);
  const auto read = journal().read(kSource, {10});
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, (std::vector{entry(10, 0), entry(10, 1)}));
  EXPECT_TRUE(journal().read(kSource, {11})->empty());
  EXPECT_TRUE(journal().read({"in", 4}, {10})->empty());
}

TEST_F(JournalTest, WritesSeveralAtOnceAndTellsOfEach) {
  const TopicPartition other{"in", 4};
  ASSERT_EQ(write(journal(), entry(10, 0, 99)), Journal::Outcome::written);
  const Journal::Draft drafts[] = {{kSource, entry(10, 0)}, {other, entry(10, 0, 2'000'000)}, {other, entry(10, 1)}};
  const auto outcomes = journal().write(drafts);
  ASSERT_EQ(outcomes.size(), 3u);
  EXPECT_EQ(outcomes[0], Journal::Outcome::taken);
  EXPECT_EQ(outcomes[1], Journal::Outcome::written);
  EXPECT_EQ(outcomes[2], Journal::Outcome::written);
  EXPECT_EQ(journal().read(kSource, {10})->front(), entry(10, 0, 99));
  EXPECT_EQ(*journal().read(other, {10}), (std::vector{entry(10, 0, 2'000'000), entry(10, 1)}));
}

TEST_F(JournalTest, TheFirstWriterWins) {
  ASSERT_EQ(write(journal(), entry(10, 0)), Journal::Outcome::written);
  EXPECT_EQ(write(journal(), entry(10, 0, 99)), Journal::Outcome::taken);
  EXPECT_EQ(journal().read(kSource, {10})->front(), entry(10, 0));
}

TEST_F(JournalTest, ALongEntryIsCutAtCharactersAndPutTogetherAgain) {
  // Around the cut every position of a multi-byte character is tried.
  for (std::size_t bytes = (512u << 10) - 400; bytes < (512u << 10) - 300; bytes += 7) {
    auto writer = journal();
    const auto first = static_cast<std::int64_t>(bytes);
    ASSERT_EQ(write(writer, entry(first, 0, bytes)), Journal::Outcome::written);
    const auto read = journal().read(kSource, {first});
    ASSERT_TRUE(read.has_value()) << read.error().text;
    ASSERT_EQ(to_text(read->front()), to_text(entry(first, 0, bytes)));
  }
}

TEST_F(JournalTest, NothingIsLeftOfAFinishedBatch) {
  auto writer = journal();
  ASSERT_EQ(write(writer, entry(10, 0, 2'000'000)), Journal::Outcome::written);
  ASSERT_EQ(write(writer, entry(10, 1)), Journal::Outcome::written);
  ASSERT_GE(rows_in({"lernd", "journal_piece"}), 3u);
  writer.finished(kSource, {10});
  ASSERT_TRUE(writer.has_finished());
  ASSERT_TRUE(writer.sweep().has_value());
  EXPECT_EQ(rows_in(kName), 0u);
  EXPECT_EQ(rows_in({"lernd", "journal_piece"}), 0u);
}

TEST_F(JournalTest, TheNextOwnerSweepsWhatItRepeated) {
  ASSERT_EQ(write(journal(), entry(10, 0, 2'000'000)), Journal::Outcome::written);
  auto next = journal();
  ASSERT_EQ(next.read(kSource, {10})->size(), 1u);
  next.finished(kSource, {10});
  ASSERT_TRUE(next.sweep().has_value());
  EXPECT_EQ(rows_in(kName), 0u);
  EXPECT_EQ(rows_in({"lernd", "journal_piece"}), 0u);
}

TEST_F(JournalTest, AMissingPieceIsAClearError) {
  ASSERT_EQ(write(journal(), entry(10, 0, 1'000'000)), Journal::Outcome::written);
  const RowsQuery all{{"lernd", "journal_piece"}, {}, {}};
  const auto pieces = tables_->read(std::span(&all, 1)).front();
  const RowGroup erase{
      {.kind = RowWrite::Kind::erase, .table = all.table, .key = {{"entry_id", (*pieces)[0]["entry_id"]}, {"piece", (*pieces)[0]["piece"]}}, .set = {}}};
  const TimedGroup group{&erase, clock_.write_time()};
  ASSERT_TRUE(tables_->write(std::span(&group, 1)).front().has_value());
  const auto read = journal().read(kSource, {10});
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, ErrorCode::corrupt);
}

TEST(Fingerprint, TellsRecordsApart) {
  const Record none{.offset = {1}};
  const Record empty{.offset = {1}, .value = ""};
  const Record key{.offset = {1}, .key = "x"};
  const Record value{.offset = {1}, .value = "x"};
  EXPECT_NE(fingerprint(none), fingerprint(empty));
  EXPECT_NE(fingerprint(key), fingerprint(value));
  EXPECT_EQ(fingerprint(value), fingerprint(Record{.offset = {2}, .value = "x"}));
  EXPECT_NE(combine(combine(0, 1), 2), combine(combine(0, 2), 1));
}

}  // namespace
}  // namespace lernd
