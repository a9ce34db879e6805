#include "conformance/table_store_suite.h"

namespace lernd {

void TableStoreSuite::SetUp() {
  backend_ = GetParam().make();
  ASSERT_NE(backend_, nullptr);
  store_ = backend_->open();
  ASSERT_NE(store_, nullptr);
  keyspace_ = unique_name("conformance");
}

void TableStoreSuite::TearDown() {
  if (store_ == nullptr) return;
  EXPECT_TRUE(ok(store_->drop_keyspace(keyspace_)));
}

TableName TableStoreSuite::create(const std::string& table, std::vector<Column> columns, std::vector<std::string> key, std::size_t partition_columns) {
  const TableSchema schema{.name = named(table), .columns = std::move(columns), .key = std::move(key), .partition_columns = partition_columns};
  EXPECT_TRUE(ok(store_->create(schema)));
  return schema.name;
}

WriteTime TableStoreSuite::next_time() {
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  time_ = {std::max<std::int64_t>(time_.us + 1, now)};
  return time_;
}

Result<void> TableStoreSuite::write(RowGroup rows) {
  const TimedGroup group{.rows = &rows, .time = next_time()};
  auto answers = store_->write(std::span(&group, 1));
  EXPECT_EQ(answers.size(), 1u);
  return answers.at(0);
}

std::vector<Result<void>> TableStoreSuite::write_each(const std::vector<RowWrite>& rows) {
  std::vector<RowGroup> groups;
  for (const RowWrite& row : rows) groups.push_back({row});
  std::vector<TimedGroup> timed;
  for (const RowGroup& group : groups) timed.push_back({.rows = &group, .time = next_time()});
  auto answers = store_->write(timed);
  EXPECT_EQ(answers.size(), rows.size());
  return answers;
}

Result<Rows> TableStoreSuite::read(const TableName& table, std::vector<Cell> key, std::vector<std::string> columns) {
  const RowsQuery query{.table = table, .columns = std::move(columns), .key = std::move(key)};
  auto answers = store_->read(std::span(&query, 1));
  EXPECT_EQ(answers.size(), 1u);
  return std::move(answers.at(0));
}

Value TableStoreSuite::value_of(const TableName& table, const std::string& id) {
  const auto rows = read(table, {{"id", id}}, {"value"});
  EXPECT_TRUE(ok(rows));
  return rows && !rows->empty() ? (*rows)[0]["value"] : Value();
}

RowWrite update(const TableName& table, std::vector<Cell> key, std::vector<Assignment> set) {
  return {.kind = RowWrite::Kind::update, .table = table, .key = std::move(key), .set = std::move(set)};
}

RowWrite insert(const TableName& table, std::vector<Cell> key, std::vector<Assignment> set) {
  return {.kind = RowWrite::Kind::insert, .table = table, .key = std::move(key), .set = std::move(set)};
}

RowWrite erase(const TableName& table, std::vector<Cell> key) { return {.kind = RowWrite::Kind::erase, .table = table, .key = std::move(key), .set = {}}; }

RowWrite put(const TableName& table, const std::string& id, Value value) { return update(table, {{"id", id}}, {{"value", std::move(value)}}); }

RowWrite merge(const TableName& table, const std::string& id, Value entries) {
  return update(table, {{"id", id}}, {{"value", std::move(entries), Assignment::Mode::merge}});
}

Value map_of(std::vector<std::pair<Value, Value>> entries) { return Value(ValueMap{std::move(entries)}); }
Value list_of(std::vector<Value> items) { return Value(ValueList{std::move(items)}); }

}  // namespace lernd
