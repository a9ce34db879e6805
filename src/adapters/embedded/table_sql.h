#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/table.h"

namespace lernd::embedded {

/// The SQL of one CQL table, which is one SQLite table of the name `keyspace.table`. Pure; parameters stand in the order of the arguments.

/// A name as an SQL identifier.
std::string quoted(std::string_view name);
std::string table_identifier(const TableName& table);

std::string create_sql(const TableSchema& table);
/// Rows in the order of their key. Parameters: the key columns.
std::string select_sql(const TableSchema& table, std::span<const std::string> columns, std::size_t key_columns);
/// At most so many rows in the order of `key`, from the first one or those behind a key. Parameters: the values of that key, if any; how many rows.
std::string page_sql(const TableSchema& table, std::span<const std::string> columns, std::span<const std::string> key, bool distinct, bool behind);
/// Makes the row or overwrites the given columns of it. Parameters: all key columns, then `columns`.
std::string upsert_sql(const TableSchema& table, std::span<const std::string> columns);
/// Makes the row unless there is one. Parameters as `upsert_sql`.
std::string insert_sql(const TableSchema& table, std::span<const std::string> columns);
/// Parameters: all key columns.
std::string erase_sql(const TableSchema& table);

}  // namespace lernd::embedded
