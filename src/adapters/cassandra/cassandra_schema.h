#pragma once

#include <optional>

#include "core/ask.h"
#include "core/table.h"

namespace lernd::cassandra {

/// The query for the columns of a table in the server's own tables.
RowsQuery columns_query(const TableName& table);

/// A table out of the answer to its `columns_query`: key columns in their order, then the others. Absent when there are no columns.
std::optional<TableSchema> schema_of(const TableName& table, const Rows& columns);

/// The query that has a row when the keyspace is there.
RowsQuery keyspace_query(const std::string& keyspace);

/// The statements that make a keyspace with replication factor 1, and drop one.
std::string create_keyspace_statement(const std::string& keyspace);
std::string drop_keyspace_statement(const std::string& keyspace);

}  // namespace lernd::cassandra
