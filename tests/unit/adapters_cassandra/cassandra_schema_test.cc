#include "adapters/cassandra/cassandra_schema.h"

#include <gtest/gtest.h>

namespace lernd::cassandra {
namespace {

const TableName kTable{"ks", "t"};

Rows columns(std::vector<std::vector<Value>> rows) {
  Rows all({"column_name", "kind", "position", "type"});
  for (std::vector<Value>& row : rows) all.add(std::move(row));
  return all;
}

TEST(CassandraSchema, KeyColumnsComeFirstInTheirOrder) {
  const auto schema = schema_of(kTable, columns({{"agg", "regular", -1, "map<text, int>"},
                                                 {"context_id", "clustering", 0, "text"},
                                                 {"a_last", "clustering", 1, "int"},
                                                 {"user_id", "partition_key", 1, "text"},
                                                 {"activity_id", "partition_key", 0, "text"},
                                                 {"shared", "static", -1, "int"}}));
  ASSERT_TRUE(schema);
  EXPECT_EQ(schema->name, kTable);
  EXPECT_EQ(schema->key, (std::vector<std::string>{"activity_id", "user_id", "context_id", "a_last"}));
  EXPECT_EQ(schema->partition_columns, 2U);
  EXPECT_EQ(schema->columns,
            (std::vector<Column>{
                {"activity_id", "text"}, {"user_id", "text"}, {"context_id", "text"}, {"a_last", "int"}, {"agg", "map<text, int>"}, {"shared", "int"}}));
}

TEST(CassandraSchema, NoColumnsMeansNoTable) { EXPECT_EQ(schema_of(kTable, columns({})).has_value(), false); }

TEST(CassandraSchema, AsksTheServersOwnTables) {
  const RowsQuery query = columns_query(kTable);
  EXPECT_EQ(query.table.text(), "system_schema.columns");
  EXPECT_EQ(query.key, (std::vector<Cell>{{"keyspace_name", "ks"}, {"table_name", "t"}}));
  EXPECT_EQ(keyspace_query("ks").key, (std::vector<Cell>{{"keyspace_name", "ks"}}));
}

TEST(CassandraSchema, KeyspaceNamesAreQuoted) {
  EXPECT_EQ(create_keyspace_statement("Ks"), "CREATE KEYSPACE IF NOT EXISTS \"Ks\" WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
  EXPECT_EQ(drop_keyspace_statement("a\"b"), "DROP KEYSPACE IF EXISTS \"a\"\"b\"");
}

}  // namespace
}  // namespace lernd::cassandra
