#include "adapters/cassandra/cassandra_schema.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "adapters/cassandra/cql_request.h"

namespace lernd::cassandra {
namespace {

struct KeyColumn {
  bool clustering = false;
  std::int64_t position = 0;
  std::string name;
  auto operator<=>(const KeyColumn&) const = default;
};

std::string text_in(const Rows::Row& row, std::string_view column) {
  const std::string* text = row[column].text();
  return text ? *text : std::string();
}

}  // namespace

RowsQuery columns_query(const TableName& table) {
  return {.table = {"system_schema", "columns"},
          .columns = {"column_name", "kind", "position", "type"},
          .key = {{"keyspace_name", table.keyspace}, {"table_name", table.table}}};
}

std::optional<TableSchema> schema_of(const TableName& table, const Rows& columns) {
  if (columns.empty()) return std::nullopt;
  std::vector<KeyColumn> key;
  std::vector<Column> others;
  std::vector<Column> all;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Rows::Row row = columns[i];
    Column column{text_in(row, "column_name"), text_in(row, "type")};
    const std::string kind = text_in(row, "kind");
    if (kind == "partition_key" || kind == "clustering") {
      const std::int64_t* position = row["position"].integer();
      key.push_back({kind == "clustering", position ? *position : 0, column.name});
      all.push_back(std::move(column));
    } else {
      others.push_back(std::move(column));
    }
  }
  std::ranges::sort(key);
  const auto place = [&](const Column& column) { return std::ranges::find(key, column.name, &KeyColumn::name); };
  std::ranges::sort(all, {}, place);
  all.insert(all.end(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));

  TableSchema schema{.name = table, .columns = std::move(all)};
  schema.partition_columns = static_cast<std::size_t>(std::ranges::count(key, false, &KeyColumn::clustering));
  for (KeyColumn& column : key) schema.key.push_back(std::move(column.name));
  return schema;
}

RowsQuery keyspace_query(const std::string& keyspace) {
  return {.table = {"system_schema", "keyspaces"}, .columns = {"keyspace_name"}, .key = {{"keyspace_name", keyspace}}};
}

std::string create_keyspace_statement(const std::string& keyspace) {
  return "CREATE KEYSPACE IF NOT EXISTS " + quoted_identifier(keyspace) + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";
}

std::string drop_keyspace_statement(const std::string& keyspace) { return "DROP KEYSPACE IF EXISTS " + quoted_identifier(keyspace); }

}  // namespace lernd::cassandra
