#include "adapters/embedded/table_sql.h"

#include <gtest/gtest.h>

namespace lernd::embedded {
namespace {

const TableSchema kTable{.name = {"ks", "t"}, .columns = {{"k", "text"}, {"c", "int"}, {"a", "map<text, int>"}, {"b", "double"}}, .key = {"k", "c"}};
const std::vector<std::string> kColumns = {"a", "b"};

TEST(TableSqlTest, NamesAreQuoted) {
  EXPECT_EQ(quoted("plain"), R"("plain")");
  EXPECT_EQ(quoted(R"(a "b"; --)"), R"("a ""b""; --")");
  EXPECT_EQ(table_identifier({"ks", "t\""}), R"("ks.t""")");
}

TEST(TableSqlTest, ATableHasItsKeyAndNoRowId) {
  EXPECT_EQ(create_sql(kTable), R"(CREATE TABLE "ks.t" ("k" TEXT, "c" INTEGER, "a" TEXT, "b" REAL, PRIMARY KEY ("k", "c")) WITHOUT ROWID)");
}

TEST(TableSqlTest, QueriesNameAsMuchOfTheKeyAsIsGiven) {
  EXPECT_EQ(select_sql(kTable, kColumns, 0), R"(SELECT "a","b" FROM "ks.t" ORDER BY "k","c")");
  EXPECT_EQ(select_sql(kTable, kColumns, 1), R"(SELECT "a","b" FROM "ks.t" WHERE "k"=? ORDER BY "k","c")");
  EXPECT_EQ(select_sql(kTable, kColumns, 2), R"(SELECT "a","b" FROM "ks.t" WHERE "k"=? AND "c"=? ORDER BY "k","c")");
}

TEST(TableSqlTest, WritesAreUpserts) {
  EXPECT_EQ(upsert_sql(kTable, kColumns),
            R"(INSERT INTO "ks.t" ("k","c","a","b") VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET "a"=excluded."a","b"=excluded."b")");
  EXPECT_EQ(upsert_sql(kTable, {}), R"(INSERT INTO "ks.t" ("k","c") VALUES (?,?) ON CONFLICT DO NOTHING)");
  EXPECT_EQ(insert_sql(kTable, kColumns), R"(INSERT INTO "ks.t" ("k","c","a","b") VALUES (?,?,?,?) ON CONFLICT DO NOTHING)");
  EXPECT_EQ(erase_sql(kTable), R"(DELETE FROM "ks.t" WHERE "k"=? AND "c"=?)");
}

}  // namespace
}  // namespace lernd::embedded
