#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conformance/conformance.h"
#include "ports/table_store.h"

namespace lernd {

/// A store under test. Every object that `open` gives works on the same data.
class TableStoreBackend {
 public:
  virtual ~TableStoreBackend() = default;
  virtual std::unique_ptr<TableStore> open() = 0;
  /// Stops the server and starts it again; returns when it answers. Backends without a server do not run the tests that need it.
  virtual void restart() { FAIL() << "this backend has no server"; }
};

struct TableStoreFactory {
  std::string name;
  std::function<std::unique_ptr<TableStoreBackend>()> make;
};

inline std::ostream& operator<<(std::ostream& out, const TableStoreFactory& factory) { return out << factory.name; }

/// What a TableStore has to do, whatever is behind it. A backend joins with
/// `INSTANTIATE_TEST_SUITE_P(<Backend>, TableStoreSuite, testing::Values(TableStoreFactory{"<name>", make}), BackendName())`.
class TableStoreSuite : public testing::TestWithParam<TableStoreFactory> {
 protected:
  void SetUp() override;
  void TearDown() override;

  TableName named(const std::string& table) const { return {keyspace_, table}; }
  /// Makes a table in the keyspace of this test.
  TableName create(const std::string& table, std::vector<Column> columns, std::vector<std::string> key, std::size_t partition_columns = 1);
  /// `id text` is the key, `value` the other column.
  TableName create_simple(const std::string& table, const std::string& type) { return create(table, {{"id", "text"}, {"value", type}}, {"id"}); }

  /// One group of these rows, with a write time after all earlier ones.
  Result<void> write(RowGroup rows);
  /// The same, one group for each row.
  std::vector<Result<void>> write_each(const std::vector<RowWrite>& rows);
  Result<Rows> read(const TableName& table, std::vector<Cell> key, std::vector<std::string> columns = {});
  /// The column `value` of the row `id`; null when the row or the value is not there.
  Value value_of(const TableName& table, const std::string& id);

  std::unique_ptr<TableStoreBackend> backend_;
  std::unique_ptr<TableStore> store_;
  std::string keyspace_;

 private:
  WriteTime next_time();
  WriteTime time_;
};

RowWrite update(const TableName& table, std::vector<Cell> key, std::vector<Assignment> set);
RowWrite insert(const TableName& table, std::vector<Cell> key, std::vector<Assignment> set);
RowWrite erase(const TableName& table, std::vector<Cell> key);
/// An update of the column `value` of the row `id`.
RowWrite put(const TableName& table, const std::string& id, Value value);
RowWrite merge(const TableName& table, const std::string& id, Value entries);

/// A map of CQL.
Value map_of(std::vector<std::pair<Value, Value>> entries);
Value list_of(std::vector<Value> items);

}  // namespace lernd
