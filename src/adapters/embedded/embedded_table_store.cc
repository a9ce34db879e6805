#include "adapters/embedded/embedded_table_store.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "adapters/embedded/catalog.h"
#include "adapters/embedded/connection.h"
#include "adapters/embedded/encoded_row.h"
#include "adapters/embedded/row_codec.h"
#include "adapters/embedded/table_sql.h"

namespace lernd::embedded {
namespace {

template <class Columns, class Position>
std::vector<std::string> names_of(const StoredTable& table, const Columns& columns, Position position) {
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const auto& column : columns) names.push_back(table.schema.columns[std::invoke(position, column)].name);
  return names;
}

class EmbeddedTableStore final : public TableStore {
 public:
  explicit EmbeddedTableStore(std::shared_ptr<EmbeddedDatabase> database) : database_(std::move(database)) {}

  std::vector<Result<Rows>> read(std::span<const RowsQuery> queries) override;
  std::vector<Result<void>> write(std::span<const TimedGroup> groups) override;
  std::vector<Result<bool>> insert_if_absent(std::span<const RowWrite> rows) override;

  Result<std::optional<TableSchema>> describe(const TableName& table) override;
  Result<void> create(const TableSchema& table) override { return database_->catalog().create(table); }
  Result<void> drop_keyspace(const std::string& keyspace) override { return database_->catalog().drop_keyspace(keyspace); }

  Result<void> ping() override;
  Result<void> flush() override { return connection().commit(); }

 private:
  SqliteConnection& connection() { return database_->connection(); }

  /// `find`, where a missing table is an error.
  Result<const StoredTable*> table(const TableName& name);
  Result<Rows> read_one(const RowsQuery& query);
  /// The answer refers to `group`.
  Result<std::vector<EncodedWrite>> encode_group(const RowGroup& group);
  Result<bool> insert_one_if_absent(const RowWrite& row);
  Result<std::int64_t> apply(EncodedWrite& write, bool only_if_absent);
  /// Turns the merges of a write into the whole maps that they lead to.
  Result<void> resolve_merges(EncodedWrite& write);

  std::shared_ptr<EmbeddedDatabase> database_;
};

Result<const StoredTable*> EmbeddedTableStore::table(const TableName& name) {
  auto found = database_->catalog().find(name);
  if (found && *found == nullptr) return std::unexpected(missing_table(name));
  return found;
}

Result<Rows> EmbeddedTableStore::read_one(const RowsQuery& query) {
  const auto stored = table(query.table);
  if (!stored) return std::unexpected(stored.error());
  const auto encoded = encode(**stored, query);
  if (!encoded) return std::unexpected(encoded.error());

  const std::vector<std::string> names = names_of(**stored, encoded->columns, std::identity());
  Rows rows(names);
  SqlCursor cursor = connection().select(select_sql((*stored)->schema, names, encoded->key.size()), encoded->key);
  while (cursor.next()) {
    std::vector<Value> cells;
    cells.reserve(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::size_t column = encoded->columns[i];
      auto value = decode_cell((*stored)->types[column], cursor.value(static_cast<int>(i)));
      if (!value) return std::unexpected(in_column(**stored, column, value.error()));
      cells.push_back(std::move(*value));
    }
    rows.add(std::move(cells));
  }
  if (const auto ended = cursor.end(); !ended) return std::unexpected(ended.error());
  return rows;
}

std::vector<Result<Rows>> EmbeddedTableStore::read(std::span<const RowsQuery> queries) {
  std::vector<Result<Rows>> answers;
  answers.reserve(queries.size());
  const auto refreshed = database_->catalog().refresh();
  for (const RowsQuery& query : queries) answers.push_back(refreshed ? read_one(query) : std::unexpected(refreshed.error()));
  return answers;
}

Result<std::vector<EncodedWrite>> EmbeddedTableStore::encode_group(const RowGroup& group) {
  std::vector<EncodedWrite> writes;
  writes.reserve(group.size());
  for (const RowWrite& row : group) {
    const auto stored = table(row.table);
    if (!stored) return std::unexpected(stored.error());
    auto encoded = encode(**stored, row);
    if (!encoded) return std::unexpected(encoded.error());
    writes.push_back(std::move(*encoded));
  }
  return writes;
}

Result<void> EmbeddedTableStore::resolve_merges(EncodedWrite& write) {
  if (write.merges.empty()) return {};
  const StoredTable& table = *write.table;
  const std::vector<std::string> names = names_of(table, write.merges, &EncodedWrite::Merge::column);
  SqlCursor row = connection().select(select_sql(table.schema, names, write.key.size()), write.key);
  const bool there = row.next();
  if (const auto ended = row.end(); !ended) return ended;
  for (std::size_t i = 0; i < write.merges.size(); ++i) {
    const auto [column, entries] = write.merges[i];
    auto present = there ? decode_cell(table.types[column], row.value(static_cast<int>(i))) : Result<Value>();
    if (!present) return std::unexpected(in_column(table, column, present.error()));
    auto whole = encode_cell(table.types[column], merged(std::move(*present), *entries));
    if (!whole) return std::unexpected(in_column(table, column, whole.error()));
    write.set.push_back({column, std::move(*whole)});
  }
  write.merges.clear();
  return {};
}

Result<std::int64_t> EmbeddedTableStore::apply(EncodedWrite& write, bool only_if_absent) {
  const TableSchema& schema = write.table->schema;
  if (write.kind == RowWrite::Kind::erase) return connection().change(erase_sql(schema), write.key);
  if (const auto resolved = resolve_merges(write); !resolved) return std::unexpected(resolved.error());
  const std::vector<std::string> names = names_of(*write.table, write.set, &EncodedWrite::Cell::column);
  std::vector<SqlValue> values = std::move(write.key);
  for (EncodedWrite::Cell& cell : write.set) values.push_back(std::move(cell.value));
  return connection().change(only_if_absent ? insert_sql(schema, names) : upsert_sql(schema, names), values);
}

std::vector<Result<void>> EmbeddedTableStore::write(std::span<const TimedGroup> groups) {
  const auto all = [&](const Error& error) { return std::vector<Result<void>>(groups.size(), std::unexpected(error)); };
  if (const auto refreshed = database_->catalog().refresh(); !refreshed) return all(refreshed.error());

  // Everything is checked before anything is written: a group that does not fit leaves the others alone.
  std::vector<Result<void>> answers(groups.size());
  std::vector<EncodedWrite> writes;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    auto encoded = encode_group(*groups[i].rows);
    if (encoded) {
      std::ranges::move(*encoded, std::back_inserter(writes));
    } else {
      answers[i] = std::unexpected(encoded.error());
    }
  }
  if (writes.empty()) return answers;

  if (const auto begun = connection().begin(); !begun) return all(begun.error());
  for (EncodedWrite& write : writes) {
    if (const auto applied = apply(write, false); !applied) {
      connection().abandon(applied.error());
      return all(applied.error());
    }
  }
  return answers;
}

std::vector<Result<bool>> EmbeddedTableStore::insert_if_absent(std::span<const RowWrite> rows) {
  if (const auto refreshed = database_->catalog().refresh(); !refreshed) return {rows.size(), std::unexpected(refreshed.error())};
  std::vector<Result<bool>> answers;
  for (const RowWrite& row : rows) answers.push_back(insert_one_if_absent(row));
  return answers;
}

Result<bool> EmbeddedTableStore::insert_one_if_absent(const RowWrite& row) {
  const RowGroup group{row};
  auto encoded = encode_group(group);
  if (!encoded) return std::unexpected(encoded.error());
  if (const auto begun = connection().begin(); !begun) return std::unexpected(begun.error());
  const auto inserted = apply(encoded->front(), true);
  if (!inserted) {
    connection().abandon(inserted.error());
    return std::unexpected(inserted.error());
  }
  return *inserted == 1;
}

Result<std::optional<TableSchema>> EmbeddedTableStore::describe(const TableName& table) {
  if (const auto refreshed = database_->catalog().refresh(); !refreshed) return std::unexpected(refreshed.error());
  const auto found = database_->catalog().find(table);
  if (!found) return std::unexpected(found.error());
  return *found == nullptr ? std::nullopt : std::optional((*found)->schema);
}

Result<void> EmbeddedTableStore::ping() {
  const auto answer = connection().number("SELECT 1");
  if (!answer) return std::unexpected(answer.error());
  return {};
}

}  // namespace
}  // namespace lernd::embedded

namespace lernd {

std::unique_ptr<TableStore> make_embedded_table_store(std::shared_ptr<EmbeddedDatabase> database) {
  return std::make_unique<embedded::EmbeddedTableStore>(std::move(database));
}

}  // namespace lernd
