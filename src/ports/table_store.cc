#include "ports/table_store.h"

#include <algorithm>

namespace lernd {
namespace {

std::string quoted(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"') text += '"';
    text += c;
  }
  return text + '"';
}

}  // namespace

std::vector<TimedGroup> at_one_time(std::span<const RowGroup> groups, WriteTime time) {
  std::vector<TimedGroup> timed;
  timed.reserve(groups.size());
  for (const RowGroup& group : groups) timed.push_back({&group, time});
  return timed;
}

std::string ddl(const TableSchema& table) {
  std::string text = "CREATE TABLE IF NOT EXISTS " + quoted(table.name.keyspace) + "." + quoted(table.name.table) + " (\n";
  for (const Column& column : table.columns) text += "  " + quoted(column.name) + " " + column.type + ",\n";
  text += "  PRIMARY KEY ((";
  for (std::size_t i = 0; i < table.key.size(); ++i) {
    if (i > 0) text += i == table.partition_columns ? "), " : ", ";
    text += quoted(table.key[i]);
  }
  text += table.key.size() == table.partition_columns ? "))\n)" : ")\n)";
  return table.properties.empty() ? text : text + " WITH " + table.properties;
}

}  // namespace lernd
