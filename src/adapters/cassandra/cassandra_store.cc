#include "adapters/cassandra/cassandra_store.h"

#include <fmt/core.h>

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>

#include "adapters/cassandra/bulk_request.h"
#include "adapters/cassandra/cassandra_schema.h"
#include "adapters/cassandra/cassandra_session.h"
#include "adapters/cassandra/cql_codec.h"

namespace lernd {

using namespace cassandra;

namespace {

/// Shapes of results are few; this only bounds what a table that keeps changing could cost.
constexpr std::size_t kShapesMax = 1024;

std::unexpected<Error> driver_fault() { return fail(Treatment::fatal, ErrorCode::internal, "fault in the Cassandra driver; no answer"); }

const TableName& table_of(const RowsQuery& query) { return query.table; }
const TableName& table_of(const RowWrite& row) { return row.table; }
const TableName& table_of(const TimedGroup& group) { return group.rows->front().table; }

class CassandraStore final : public TableStore {
 public:
  explicit CassandraStore(std::shared_ptr<CassandraSession> session) : session_(std::move(session)) {}

  std::vector<Result<Rows>> read(std::span<const RowsQuery> queries) override;
  std::vector<Result<void>> write(std::span<const TimedGroup> groups) override;
  std::vector<Result<bool>> insert_if_absent(std::span<const RowWrite> rows) override;

  Result<std::optional<TableSchema>> describe(const TableName& table) override;
  Result<void> create(const TableSchema& table) override;
  Result<void> drop_keyspace(const std::string& keyspace) override;
  Result<void> ping() override;
  /// What the server has answered is in its commit log.
  Result<void> flush() override { return {}; }

 private:
  /// One answer per item. `add` puts the item's statements into the bulk request, or nothing; `take` makes the item's result of its answer.
  template <class T, class Item, class Add, class Take>
  std::vector<Result<T>> in_bulk(std::span<const Item> items, Add add, Take take);

  Result<Rows> read_one(const RowsQuery& query);
  Result<Rows> rows_of(const lernd_cql_answer& answer);
  Result<std::shared_ptr<const CqlShape>> known_shape(const lernd_cql_shape& shape);

  std::shared_ptr<CassandraSession> session_;
  std::unordered_map<std::uint64_t, std::shared_ptr<const CqlShape>> shapes_;  ///< by their id
};

template <class T, class Item, class Add, class Take>
std::vector<Result<T>> CassandraStore::in_bulk(std::span<const Item> items, Add add, Take take) {
  std::vector<Result<T>> results(items.size());
  std::vector<std::size_t> item_of_request;
  BulkRequest bulk(*session_);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (Result<void> added = add(bulk, items[i]); !added) results[i] = std::unexpected(std::move(added.error()));
    if (bulk.size() > item_of_request.size()) item_of_request.push_back(i);
  }
  if (item_of_request.empty()) return results;
  const DriverOwned<lernd_cql_answers> answers = bulk.run();
  for (std::size_t request = 0; request < item_of_request.size(); ++request) {
    Result<T>& result = results[item_of_request[request]];
    if (!answers) {
      result = driver_fault();
      continue;
    }
    const lernd_cql_answer answer = lernd_cql_answer_at(answers.get(), request);
    if (answer.failure.kind == lernd_cql_done) {
      result = take(answer);
      continue;
    }
    result = std::unexpected(session_->error_of_request(answer.failure, table_of(items[item_of_request[request]])));
    if (result.error().code == ErrorCode::schema_mismatch) bulk.forget(request);
  }
  return results;
}

std::vector<Result<Rows>> CassandraStore::read(std::span<const RowsQuery> queries) {
  const auto add = [](BulkRequest& bulk, const RowsQuery& query) {
    const CqlStatement statement = select_statement(query);
    return bulk.add({&statement, 1}, {}, query.table);
  };
  return in_bulk<Rows>(queries, add, [this](const lernd_cql_answer& answer) { return rows_of(answer); });
}

std::vector<Result<void>> CassandraStore::write(std::span<const TimedGroup> groups) {
  std::vector<CqlStatement> statements;
  const auto add = [&](BulkRequest& bulk, const TimedGroup& group) -> Result<void> {
    statements.clear();
    for (const RowWrite& row : *group.rows) append_write_statements(row, statements);
    if (statements.empty()) return {};
    return bulk.add(statements, group.time, table_of(group));
  };
  return in_bulk<void>(groups, add, [](const lernd_cql_answer&) { return Result<void>(); });
}

std::vector<Result<bool>> CassandraStore::insert_if_absent(std::span<const RowWrite> rows) {
  const auto add = [](BulkRequest& bulk, const RowWrite& item) {
    const CqlStatement statement = insert_if_absent_statement(item);
    return bulk.add({&statement, 1}, {}, item.table);
  };
  const auto take = [&](const lernd_cql_answer& answer) -> Result<bool> {
    const Result<Rows> told = rows_of(answer);
    if (!told) return std::unexpected(told.error());
    const bool* applied = told->empty() ? nullptr : std::get_if<bool>(&(*told)[0]["[applied]"].form);
    if (!applied) return fail(Treatment::fatal, ErrorCode::bad_answer, "Cassandra does not say whether a row was inserted");
    return *applied;
  };
  return in_bulk<bool>(rows, add, take);
}

Result<std::optional<TableSchema>> CassandraStore::describe(const TableName& table) {
  const Result<Rows> columns = read_one(columns_query(table));
  if (!columns) return std::unexpected(columns.error());
  return schema_of(table, *columns);
}

Result<void> CassandraStore::create(const TableSchema& table) {
  const Result<std::optional<TableSchema>> there = describe(table.name);
  if (!there) return std::unexpected(there.error());
  if (*there) return {};
  // Asked first: a user who may create tables need not be allowed to create keyspaces.
  const Result<Rows> keyspace = read_one(keyspace_query(table.name.keyspace));
  if (!keyspace) return std::unexpected(keyspace.error());
  if (keyspace->empty()) {
    if (Result<void> done = session_->change_schema(create_keyspace_statement(table.name.keyspace), table.name); !done) return done;
  }
  return session_->change_schema(ddl(table), table.name);
}

Result<void> CassandraStore::drop_keyspace(const std::string& keyspace) {
  return session_->change_schema(drop_keyspace_statement(keyspace), {.keyspace = keyspace, .table = "*"});
}

Result<void> CassandraStore::ping() {
  const Result<Rows> answer = read_one({.table = {"system", "local"}, .columns = {"key"}, .key = {{"key", "local"}}});
  if (!answer) return std::unexpected(answer.error());
  return {};
}

Result<Rows> CassandraStore::read_one(const RowsQuery& query) { return std::move(read(std::span(&query, 1)).front()); }

Result<std::shared_ptr<const CqlShape>> CassandraStore::known_shape(const lernd_cql_shape& shape) {
  if (const auto known = shapes_.find(shape.id); known != shapes_.end()) return known->second;
  Result<CqlShape> parsed = shape_of(shape);
  if (!parsed) return std::unexpected(std::move(parsed.error()));
  if (shapes_.size() >= kShapesMax) shapes_.clear();
  return shapes_[shape.id] = std::make_shared<const CqlShape>(std::move(*parsed));
}

Result<Rows> CassandraStore::rows_of(const lernd_cql_answer& answer) {
  if (!answer.shape) return Rows();
  const Result<std::shared_ptr<const CqlShape>> shape = known_shape(*answer.shape);
  if (!shape) return std::unexpected(shape.error());
  const std::vector<CqlType>& types = (*shape)->types;
  Rows rows((*shape)->names);
  CellReader cells(std::string_view(reinterpret_cast<const char*>(answer.cells), answer.size));
  for (std::size_t row = 0; row < answer.row_count; ++row) {
    std::vector<Value> values;
    values.reserve(types.size());
    for (const CqlType& type : types) {
      const Result<std::optional<std::string_view>> cell = cells.next();
      if (!cell) return std::unexpected(cell.error());
      Result<Value> value = decode_cell(type, *cell);
      if (!value) return std::unexpected(std::move(value.error()));
      values.push_back(std::move(*value));
    }
    rows.add(std::move(values));
  }
  return rows;
}

}  // namespace

std::unique_ptr<TableStore> make_cassandra_store(std::shared_ptr<CassandraSession> session) { return std::make_unique<CassandraStore>(std::move(session)); }

}  // namespace lernd
