#include "adapters/embedded/cql_type.h"

#include <gtest/gtest.h>

namespace lernd::embedded {
namespace {

using Kind = CqlType::Kind;

TEST(CqlTypeTest, KnowsTheScalars) {
  for (const char* text : {"text", "varchar", "ascii", " TEXT "}) EXPECT_EQ(cql_type(text).kind, Kind::text) << text;
  EXPECT_EQ(cql_type("tinyint").bits, 8);
  EXPECT_EQ(cql_type("smallint").bits, 16);
  EXPECT_EQ(cql_type("int").bits, 32);
  EXPECT_EQ(cql_type("bigint").bits, 64);
  EXPECT_EQ(cql_type("counter").kind, Kind::integer);
  EXPECT_EQ(cql_type("float").bits, 32);
  EXPECT_EQ(cql_type("double").kind, Kind::real);
  EXPECT_EQ(cql_type("boolean").kind, Kind::boolean);
  EXPECT_EQ(cql_type("timestamp").kind, Kind::timestamp);
}

TEST(CqlTypeTest, KnowsNestedCollections) {
  const CqlType list = cql_type("list<frozen<map<text, timestamp>>>");
  EXPECT_EQ(list.kind, Kind::list);
  EXPECT_FALSE(list.frozen);
  ASSERT_EQ(list.of.size(), 1u);
  EXPECT_EQ(list.of[0].kind, Kind::map);
  EXPECT_TRUE(list.of[0].frozen);
  EXPECT_EQ(list.of[0].of[1].kind, Kind::timestamp);

  const CqlType map = cql_type("MAP < text , frozen<list<int>> >");
  EXPECT_EQ(map.kind, Kind::map);
  EXPECT_EQ(map.of[0].kind, Kind::text);
  EXPECT_EQ(map.of[1].of[0].kind, Kind::integer);
  EXPECT_TRUE(cql_type("frozen<set<text>>").frozen);
}

TEST(CqlTypeTest, CarriesTheRestAsBytes) {
  for (const char* text : {"blob", "uuid", "tuple<int, text>", "frozen<address>", "map<text>", "list<a, b>", "list<text", "", "<>"}) {
    EXPECT_EQ(cql_type(text).kind, Kind::bytes) << text;
    EXPECT_EQ(cql_type(text).spelling, text);
  }
}

TEST(CqlTypeTest, NamesTheSqliteColumn) {
  EXPECT_EQ(sqlite_type(cql_type("text")), "TEXT");
  EXPECT_EQ(sqlite_type(cql_type("timestamp")), "TEXT");
  EXPECT_EQ(sqlite_type(cql_type("map<text, int>")), "TEXT");
  EXPECT_EQ(sqlite_type(cql_type("bigint")), "INTEGER");
  EXPECT_EQ(sqlite_type(cql_type("boolean")), "INTEGER");
  EXPECT_EQ(sqlite_type(cql_type("float")), "REAL");
  EXPECT_EQ(sqlite_type(cql_type("uuid")), "BLOB");
}

}  // namespace
}  // namespace lernd::embedded
