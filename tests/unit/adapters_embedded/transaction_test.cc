// All ports of one database object share one transaction.
#include <gtest/gtest.h>

#include "adapters/embedded/connection.h"
#include "adapters/embedded/embedded_http_client.h"
#include "adapters/embedded/http_stub.h"
#include "unit/adapters_embedded/embedded_school.h"

namespace lernd {
namespace {

class TransactionTest : public testing::Test {
 protected:
  void SetUp() override { School::lay_out(path_, 1, 5); }

  static Result<void> put(Cache& cache, const std::string& key) {
    const CacheGroup group = {{.kind = CacheWrite::Kind::put_text, .cache = {"redis", 1}, .key = key, .value = {.text = "x"}}};
    return cache.write(std::span(&group, 1)).at(0);
  }
  static void lay_out_document(EmbeddedPorts& worker) {
    const NewDocument document{.document = kDocument, .source = R"({"n":1})"};
    ASSERT_TRUE(ok(worker.index->create(kDocument.index)));
    ASSERT_TRUE(ok(worker.index->put(std::span(&document, 1)).at(0)));
  }
  static std::string document(EmbeddedPorts& worker) { return worker.index->read(std::span(&kDocument, 1)).at(0)->source; }
  static Result<bool> change(EmbeddedPorts& worker) {
    const DocumentUpdate update{.document = kDocument, .fields = R"({"n":2})", .version = worker.index->read(std::span(&kDocument, 1)).at(0)->version};
    return worker.index->update(std::span(&update, 1)).at(0);
  }
  static inline const DocumentId kDocument{.index = "course-batch", .id = "b1"};

  static std::size_t keys(EmbeddedPorts& worker) { return worker.cache->keys({"redis", 1})->size(); }

  TemporaryFolder folder_;
  std::string path_ = folder_.file("lernd.db");
};

TEST_F(TransactionTest, NothingIsSeenBeforeTheCommitAndAllOfItAfterwards) {
  EmbeddedPorts worker(path_);
  EmbeddedPorts watcher(path_);
  const auto batches = worker.poll();
  ASSERT_TRUE(ok(worker.write("a", "1")));
  ASSERT_TRUE(ok(put(*worker.cache, "k")));
  const RowWrite row{.kind = RowWrite::Kind::insert, .table = School::kTable, .key = {{"id", "b"}}};
  ASSERT_EQ(worker.tables->insert_if_absent({&row, 1}).front(), Result<bool>(true));
  EXPECT_EQ(worker.rows(), 2u) << "its own writes it sees";
  EXPECT_EQ(watcher.rows(), 0u);
  EXPECT_EQ(keys(watcher), 0u);

  ASSERT_TRUE(ok(worker.commit("out", 0, Offset{5})));
  EXPECT_EQ(watcher.rows(), 2u);
  EXPECT_EQ(keys(watcher), 1u);
  EXPECT_EQ(watcher.outputs(), 1u);
  EXPECT_EQ(watcher.position(), Offset{5});
}

TEST_F(TransactionTest, DocumentsBelongToIt) {
  EmbeddedPorts worker(path_);
  EmbeddedPorts watcher(path_);
  lay_out_document(worker);
  const auto batches = worker.poll();
  ASSERT_TRUE(ok(worker.write("a", "1")));
  ASSERT_EQ(change(worker), true);
  EXPECT_EQ(document(worker), R"({"n":2})") << "its own writes it sees";
  EXPECT_EQ(document(watcher), R"({"n":1})");
  ASSERT_TRUE(ok(worker.commit("out", 0, Offset{5})));
  EXPECT_EQ(document(watcher), R"({"n":2})");
  EXPECT_EQ(watcher.rows(), 1u);
}

TEST_F(TransactionTest, DocumentsAreRolledBackWithIt) {
  {
    EmbeddedPorts worker(path_);
    lay_out_document(worker);
    ASSERT_EQ(change(worker), true);
  }
  EmbeddedPorts worker(path_);
  EXPECT_EQ(document(worker), R"({"n":1})");
}

TEST_F(TransactionTest, DestroyingTheObjectRollsBack) {
  {
    EmbeddedPorts worker(path_);
    ASSERT_TRUE(ok(worker.write("a", "1")));
    ASSERT_TRUE(ok(put(*worker.cache, "k")));
  }
  EmbeddedPorts worker(path_);
  EXPECT_EQ(worker.rows(), 0u);
  EXPECT_EQ(keys(worker), 0u);
}

TEST_F(TransactionTest, ClosingTheLogRollsBack) {
  EmbeddedPorts worker(path_);
  worker.poll();
  ASSERT_TRUE(ok(worker.write("a", "1")));
  worker.log->close();
  EXPECT_EQ(worker.rows(), 0u);
}

TEST_F(TransactionTest, FlushCommitsWithoutMovingAPosition) {
  EmbeddedPorts worker(path_);
  worker.poll();
  ASSERT_TRUE(ok(worker.write("a", "1")));
  ASSERT_TRUE(ok(worker.tables->flush()));
  EmbeddedPorts watcher(path_);
  EXPECT_EQ(watcher.rows(), 1u);
  EXPECT_EQ(watcher.position(), std::nullopt);
  EXPECT_TRUE(ok(worker.tables->flush())) << "nothing open is nothing to do";
}

TEST_F(TransactionTest, AFailedCommitLeavesTheWritesOfTheOthersOpen) {
  EmbeddedPorts worker(path_);
  worker.poll();
  ASSERT_TRUE(ok(worker.write("a", "1")));
  const std::vector<OutputRecord> bad = {{.topic = School::kOut, .value = "x"}, {.topic = "nowhere", .value = "y"}};
  EXPECT_TRUE(failed(worker.log->commit(bad, {}), Treatment::fatal, ErrorCode::not_found, {"nowhere", "lernd schema --apply"}));
  EXPECT_EQ(worker.outputs(), 0u) << "nothing of the failed call";
  EXPECT_EQ(worker.rows(), 1u);
  ASSERT_TRUE(ok(worker.commit("out", 0, Offset{5})));
  EmbeddedPorts watcher(path_);
  EXPECT_EQ(watcher.rows(), 1u);
  EXPECT_EQ(watcher.outputs(), 1u);
}

TEST_F(TransactionTest, AFailedCommitWithNothingOpenHoldsNobodyUp) {
  EmbeddedPorts worker(path_);
  const std::vector<OutputRecord> bad = {{.topic = "nowhere", .value = "y"}};
  EXPECT_FALSE(worker.log->commit(bad, {}));
  EXPECT_FALSE(worker.database->connection().in_transaction());
}

TEST_F(TransactionTest, ALostTransactionRefusesEveryLaterWrite) {
  EmbeddedPorts worker(path_);
  worker.poll();
  ASSERT_TRUE(ok(worker.write("a", "1")));
  const Error fault{Treatment::fatal, ErrorCode::disk_full, "no room"};
  worker.database->connection().abandon(fault);
  EXPECT_EQ(worker.rows(), 0u);
  const auto all = [&](const auto& result) { return failed(result, Treatment::fatal, ErrorCode::disk_full, {"no room"}); };
  EXPECT_TRUE(all(worker.write("b", "2")));
  EXPECT_TRUE(all(worker.tables->flush()));
  EXPECT_TRUE(all(put(*worker.cache, "k")));
  EXPECT_TRUE(all(worker.commit("out", 0, Offset{5}))) << "otherwise the position would move past writes that are gone";
  EXPECT_EQ(EmbeddedPorts(path_).position(), std::nullopt);
}

TEST_F(TransactionTest, HttpCallsAreNotedAtOnceUnlessATransactionIsOpen) {
  EmbeddedPorts worker(path_);
  const auto http = make_embedded_http_client(worker.database);
  const HttpQuery query{.service = "s", .method = "GET", .url = "http://h/x"};
  ASSERT_TRUE(ok(http->call(std::span(&query, 1)).at(0)));
  const auto watcher = School::opened(path_);
  EXPECT_EQ(http_calls(*watcher)->size(), 1u);
  ASSERT_TRUE(ok(worker.write("a", "1")));
  ASSERT_TRUE(ok(http->call(std::span(&query, 1)).at(0)));
  EXPECT_EQ(http_calls(*watcher)->size(), 1u);
  ASSERT_TRUE(ok(worker.tables->flush()));
  EXPECT_EQ(http_calls(*watcher)->size(), 2u);
}

TEST_F(TransactionTest, ACorruptCellIsNamedAndStopsTheMerge) {
  EmbeddedPorts worker(path_);
  const TableName maps{"school", "maps"};
  ASSERT_TRUE(ok(worker.tables->create({.name = maps, .columns = {{"id", "text"}, {"m", "map<text, int>"}}, .key = {"id"}})));
  ASSERT_TRUE(ok(worker.database->connection().change(R"(INSERT INTO "school.maps" VALUES ('a', 'scribble'))")));
  const RowsQuery query{.table = maps, .key = {{"id", "a"}}};
  EXPECT_TRUE(failed(worker.tables->read(std::span(&query, 1)).at(0), Treatment::fatal, ErrorCode::corrupt, {"school.maps", "column m"}));
  const RowGroup rows = {{.table = maps, .key = {{"id", "a"}}, .set = {{"m", ValueMap{{{"x", 1}}}, Assignment::Mode::merge}}}};
  const TimedGroup group{.rows = &rows};
  EXPECT_TRUE(failed(worker.tables->write(std::span(&group, 1)).at(0), Treatment::fatal, ErrorCode::corrupt, {"school.maps", "column m"}));
}

TEST_F(TransactionTest, TablesMadeByAnotherConnectionAreFound) {
  EmbeddedPorts first(path_);
  EmbeddedPorts second(path_);
  const TableName late{"school", "late"};
  const RowsQuery query{.table = late};
  EXPECT_TRUE(failed(first.tables->read(std::span(&query, 1)).at(0), Treatment::fatal, ErrorCode::schema_mismatch));
  ASSERT_TRUE(ok(second.tables->create({.name = late, .columns = {{"id", "text"}}, .key = {"id"}})));
  EXPECT_TRUE(ok(first.tables->read(std::span(&query, 1)).at(0)));
  ASSERT_TRUE(ok(second.tables->drop_keyspace("school")));
  EXPECT_TRUE(failed(first.tables->read(std::span(&query, 1)).at(0), Treatment::fatal, ErrorCode::schema_mismatch));
}

}  // namespace
}  // namespace lernd
