#include "adapters/embedded/embedded_table_scan.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/embedded/embedded_table_store.h"
#include "support/must.h"

namespace lernd {
namespace {

const TableName kUsers{"k", "user"};
const TableName kEnrolments{"k", "enrolments"};

class EmbeddedTableScan : public testing::Test {
 protected:
  EmbeddedTableScan() : database_(must(EmbeddedDatabase::open(":memory:"))), store_(make_embedded_table_store(database_)) {
    must(store_->create({.name = kUsers, .columns = {{"id", "text"}, {"name", "text"}}, .key = {"id"}}));
    must(store_->create({.name = kEnrolments, .columns = {{"userid", "text"}, {"rank", "int"}, {"mark", "uuid"}}, .key = {"userid", "rank", "mark"}}));
    scan_ = make_embedded_table_scan(database_);
  }

  void put(const TableName& table, std::vector<Cell> key, std::vector<Assignment> set = {}) {
    groups_.push_back({RowWrite{.kind = RowWrite::Kind::insert, .table = table, .key = std::move(key), .set = std::move(set)}});
  }
  void write() {
    for (auto& done : store_->write(at_one_time(groups_, {1}))) must(std::move(done));
    must(store_->flush());
  }

  std::vector<Value> all(const ScanQuery& query, int* pages = nullptr) {
    std::vector<Value> values;
    std::string position;
    do {
      auto page = must(scan_->page(query, position));
      values.insert(values.end(), page.values.begin(), page.values.end());
      position = page.next;
      if (pages != nullptr) ++*pages;
    } while (!position.empty());
    return values;
  }

  const std::shared_ptr<EmbeddedDatabase> database_;
  const std::unique_ptr<TableStore> store_;
  std::unique_ptr<TableScan> scan_;
  std::vector<RowGroup> groups_;
};

TEST_F(EmbeddedTableScan, EveryRowOnceHoweverManyPages) {
  constexpr int kRows = 12'345;
  for (int i = 0; i < kRows; ++i) put(kUsers, {{"id", "user-" + std::to_string(i)}}, {{"name", "n"}});
  write();
  int pages = 0;
  const auto ids = all({.table = kUsers, .column = "id", .partition_key = {"id"}}, &pages);
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(kRows));
  EXPECT_GT(pages, 1);
  EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end());
  EXPECT_TRUE(std::ranges::is_sorted(ids, {}, [](const Value& value) { return *value.text(); }));
}

TEST_F(EmbeddedTableScan, KeysOfSeveralColumnsAndOfAnyBytes) {
  constexpr int kRows = 6'000;
  for (int i = 0; i < kRows; ++i) {
    std::string mark(16, '\0');
    mark[0] = static_cast<char>(i % 256);
    mark[1] = ':';
    put(kEnrolments, {{"userid", "u:" + std::to_string(i / 1000)}, {"rank", i - 3000}, {"mark", ValueBytes{mark}}});
  }
  write();
  EXPECT_EQ(all({.table = kEnrolments, .column = "rank", .partition_key = {"userid"}}).size(), static_cast<std::size_t>(kRows));
  EXPECT_EQ(all({.table = kEnrolments, .column = "userid", .partition_key = {"userid"}, .distinct = true}).size(), 6u);
}

TEST_F(EmbeddedTableScan, NoMoreRowsThanWanted) {
  for (int i = 0; i < 10; ++i) put(kUsers, {{"id", std::to_string(i)}});
  write();
  EXPECT_EQ(all({.table = kUsers, .column = "id", .partition_key = {"id"}, .rows_max = 3}), (std::vector<Value>{"0", "1", "2"}));
  EXPECT_EQ(all({.table = kUsers, .column = "id", .partition_key = {"id"}, .rows_max = 11}).size(), 10u);
}

TEST_F(EmbeddedTableScan, SaysWhatIsNotThere) {
  EXPECT_FALSE(must(scan_->describe({"k", "other"})));
  EXPECT_EQ(must(scan_->describe(kUsers))->key, std::vector<std::string>{"id"});
  EXPECT_EQ(must(scan_->partitioner()), "");
  EXPECT_EQ(scan_->page({.table = {"k", "other"}, .column = "id"}, "").error().treatment, Treatment::fatal);
  EXPECT_EQ(scan_->page({.table = kUsers, .column = "other"}, "").error().code, ErrorCode::schema_mismatch);
  EXPECT_EQ(scan_->page({.table = kUsers, .column = "id", .range = TokenRange{0, 1}}, "").error().treatment, Treatment::fatal);
  EXPECT_TRUE(all({.table = kUsers, .column = "id", .partition_key = {"id"}}).empty());
}

}  // namespace
}  // namespace lernd
