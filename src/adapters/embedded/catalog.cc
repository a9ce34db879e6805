#include "adapters/embedded/catalog.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/embedded/table_sql.h"
#include "core/json.h"

namespace lernd::embedded {
namespace {

std::string columns_json(const TableSchema& table) {
  std::string text;
  JsonWriter out(text);
  out.open_array();
  for (const Column& column : table.columns) out.open_object().name("name").text(column.name).name("type").text(column.type).close_object();
  out.close_array();
  return text;
}

std::string key_json(const TableSchema& table) {
  std::string text;
  JsonWriter out(text);
  out.open_array();
  for (const std::string& column : table.key) out.text(column);
  out.close_array();
  return text;
}

std::string text_of(JsonView json, std::string_view member) {
  const auto found = json.find(member);
  return std::string(found ? found->text().value_or("") : "");
}

Result<StoredTable> stored_table(const TableName& name, std::string_view columns, std::string_view key, std::int64_t partition_columns) {
  const auto column_list = JsonDocument::parse(columns);
  const auto key_list = JsonDocument::parse(key);
  if (!column_list || !key_list) {
    return fail(Treatment::fatal, ErrorCode::corrupt, fmt::format("lernd_schema of {} cannot be read; it was changed by something else", name.text()));
  }
  StoredTable table{.schema = {.name = name, .columns = {}, .key = {}, .partition_columns = static_cast<std::size_t>(partition_columns)}, .types = {}};
  for (const JsonView column : column_list->root().items()) {
    table.schema.columns.push_back({.name = text_of(column, "name"), .type = text_of(column, "type")});
    auto type = parse_cql_type(table.schema.columns.back().type);
    if (!type) return std::unexpected(type.error());
    table.types.push_back(std::move(*type));
  }
  for (const JsonView column : key_list->root().items()) table.schema.key.emplace_back(column.text().value_or(""));
  return table;
}

Result<void> check(const TableSchema& table) {
  const auto bad = [&](std::string_view what) {
    return fail(Treatment::fatal, ErrorCode::schema_mismatch, fmt::format("{} cannot be made: {}", table.name.text(), what));
  };
  if (table.key.empty() || table.partition_columns == 0 || table.partition_columns > table.key.size()) return bad("it has no primary key");
  for (const Column& column : table.columns) {
    if (const auto type = parse_cql_type(column.type); !type) return bad(fmt::format("column {} is {}", column.name, type.error().text));
  }
  for (const std::string& column : table.key) {
    const Column* found = table.find(column);
    if (found == nullptr) return bad(fmt::format("key column {} is none of its columns", column));
    if (const auto type = *parse_cql_type(found->type); is_collection(type) && !type.frozen)
      return bad(fmt::format("key column {} is {}", column, found->type));
  }
  return {};
}

}  // namespace

std::optional<std::size_t> StoredTable::column(std::string_view name) const {
  const auto found = std::ranges::find(schema.columns, name, &Column::name);
  if (found == schema.columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - schema.columns.begin());
}

std::optional<std::size_t> StoredTable::key_position(std::string_view name) const {
  const auto found = std::ranges::find(schema.key, name);
  if (found == schema.key.end()) return std::nullopt;
  return static_cast<std::size_t>(found - schema.key.begin());
}

Result<void> Catalog::refresh() {
  const auto version = connection_.number("PRAGMA schema_version");
  if (!version) return std::unexpected(version.error());
  if (*version != version_) known_.clear();
  version_ = version->value_or(-1);
  return {};
}

Result<const StoredTable*> Catalog::find(const TableName& table) {
  if (const auto known = known_.find(table); known != known_.end()) return &known->second;
  SqlCursor row =
      connection_.select(R"(SELECT columns, "key", partition_columns FROM lernd_schema WHERE "keyspace"=? AND "table"=?)", table.keyspace, table.table);
  if (!row.next()) {
    if (const auto ended = row.end(); !ended) return std::unexpected(ended.error());
    return nullptr;
  }
  auto stored = stored_table(table, row.view(0), row.view(1), row.integer(2));
  if (!stored) return std::unexpected(stored.error());
  return &known_.emplace(table, std::move(*stored)).first->second;
}

Result<void> Catalog::create(const TableSchema& table) {
  if (const auto checked = check(table); !checked) return checked;
  known_.clear();
  return connection_.atomically([&]() -> Result<void> {
    const auto present = find(table.name);
    if (!present) return std::unexpected(present.error());
    if (*present != nullptr) return {};
    if (const auto created = connection_.script(create_sql(table).c_str()); !created) return created;
    const auto noted = connection_.change(R"(INSERT INTO lernd_schema ("keyspace", "table", columns, "key", partition_columns) VALUES (?, ?, ?, ?, ?))",
                                          table.name.keyspace, table.name.table, columns_json(table), key_json(table), table.partition_columns);
    if (!noted) return std::unexpected(noted.error());
    return {};
  });
}

Result<void> Catalog::drop_keyspace(const std::string& keyspace) {
  known_.clear();
  return connection_.atomically([&]() -> Result<void> {
    std::vector<TableName> tables;
    SqlCursor rows = connection_.select(R"(SELECT "table" FROM lernd_schema WHERE "keyspace"=?)", keyspace);
    while (rows.next()) tables.push_back({keyspace, rows.text(0)});
    if (const auto ended = rows.end(); !ended) return ended;
    for (const TableName& table : tables) {
      if (const auto dropped = connection_.script(("DROP TABLE " + table_identifier(table)).c_str()); !dropped) return dropped;
    }
    const auto forgotten = connection_.change(R"(DELETE FROM lernd_schema WHERE "keyspace"=?)", keyspace);
    if (!forgotten) return std::unexpected(forgotten.error());
    return {};
  });
}

}  // namespace lernd::embedded
