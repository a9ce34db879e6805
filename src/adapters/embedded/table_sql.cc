#include "adapters/embedded/table_sql.h"

#include "core/cql_type.h"

namespace lernd::embedded {
namespace {

/// `"a"<between>"b"`, each name followed by `after`.
std::string joined(std::span<const std::string> names, std::string_view after, std::string_view between) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += between;
    text += quoted(name);
    text += after;
  }
  return text;
}

std::string_view sqlite_type(std::string_view cql_type) {
  const auto type = parse_cql_type(cql_type);
  switch (type ? form_of(*type) : CqlForm::bytes) {
    case CqlForm::integer:
    case CqlForm::boolean:
      return "INTEGER";
    case CqlForm::real:
      return "REAL";
    case CqlForm::bytes:
      return "BLOB";
    default:
      return "TEXT";
  }
}

std::string where(std::span<const std::string> key) { return key.empty() ? "" : " WHERE " + joined(key, "=?", " AND "); }

std::string insert_head(const TableSchema& table, std::span<const std::string> columns) {
  std::string text = "INSERT INTO " + table_identifier(table.name) + " (" + joined(table.key, "", ",");
  if (!columns.empty()) text += "," + joined(columns, "", ",");
  text += ") VALUES (?";
  for (std::size_t i = 1; i < table.key.size() + columns.size(); ++i) text += ",?";
  return text + ") ON CONFLICT DO ";
}

}  // namespace

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"') text += '"';
    text += c;
  }
  return text + '"';
}

std::string table_identifier(const TableName& table) { return quoted(table.text()); }

std::string create_sql(const TableSchema& table) {
  std::string text = "CREATE TABLE " + table_identifier(table.name) + " (";
  for (const Column& column : table.columns) {
    text += quoted(column.name) + " ";
    text += sqlite_type(column.type);
    text += ", ";
  }
  return text + "PRIMARY KEY (" + joined(table.key, "", ", ") + ")) WITHOUT ROWID";
}

std::string select_sql(const TableSchema& table, std::span<const std::string> columns, std::size_t key_columns) {
  return "SELECT " + joined(columns, "", ",") + " FROM " + table_identifier(table.name) + where(std::span(table.key).first(key_columns)) + " ORDER BY " +
         joined(table.key, "", ",");
}

std::string page_sql(const TableSchema& table, std::span<const std::string> columns, std::span<const std::string> key, bool distinct, bool behind) {
  std::string text = std::string("SELECT ") + (distinct ? "DISTINCT " : "") + joined(columns, "", ",") + " FROM " + table_identifier(table.name);
  if (behind) {
    text += " WHERE (" + joined(key, "", ",") + ")>(?";
    for (std::size_t i = 1; i < key.size(); ++i) text += ",?";
    text += ")";
  }
  return text + " ORDER BY " + joined(key, "", ",") + " LIMIT ?";
}

std::string upsert_sql(const TableSchema& table, std::span<const std::string> columns) {
  std::string text = insert_head(table, columns);
  if (columns.empty()) return text + "NOTHING";
  text += "UPDATE SET ";
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) text += ",";
    text += quoted(columns[i]) + "=excluded." + quoted(columns[i]);
  }
  return text;
}

std::string insert_sql(const TableSchema& table, std::span<const std::string> columns) { return insert_head(table, columns) + "NOTHING"; }

std::string erase_sql(const TableSchema& table) { return "DELETE FROM " + table_identifier(table.name) + where(table.key); }

}  // namespace lernd::embedded
