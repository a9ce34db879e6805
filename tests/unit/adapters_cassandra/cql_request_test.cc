#include "adapters/cassandra/cql_request.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lernd::cassandra {
namespace {

const TableName kTable{"ks", "t"};

/// What is bound, as `column=text`; `time` for the write time.
std::vector<std::string> bound(const CqlStatement& statement) {
  std::vector<std::string> all;
  for (const CqlBinding& binding : statement.bindings) {
    all.push_back(binding.value ? std::string(binding.column) + "=" + (binding.value->text() ? *binding.value->text() : "null") : "time");
  }
  return all;
}

std::vector<CqlStatement> statements_of(const RowWrite& row) {
  std::vector<CqlStatement> statements;
  append_write_statements(row, statements);
  return statements;
}

using Bound = std::vector<std::string>;

TEST(CqlRequest, SelectsByKeyPrefix) {
  const RowsQuery query{kTable, {"a", "b"}, {{"k", "1"}, {"c", "2"}}};
  const CqlStatement statement = select_statement(query);
  EXPECT_EQ(statement.text, R"(SELECT "a", "b" FROM "ks"."t" WHERE "k" = ? AND "c" = ?)");
  EXPECT_EQ(bound(statement), (Bound{"k=1", "c=2"}));
}

TEST(CqlRequest, SelectsEverythingWithoutColumnsAndKey) {
  const RowsQuery query{kTable, {}, {}};
  const CqlStatement statement = select_statement(query);
  EXPECT_EQ(statement.text, R"(SELECT * FROM "ks"."t")");
  EXPECT_TRUE(statement.bindings.empty());
}

TEST(CqlRequest, UpdateSetsAndMerges) {
  const RowWrite row{RowWrite::Kind::update, kTable, {{"k", "1"}, {"c", "2"}}, {{"a", "3"}, {"m", "4", Assignment::Mode::merge}}};
  const std::vector<CqlStatement> statements = statements_of(row);
  ASSERT_EQ(statements.size(), 1U);
  EXPECT_EQ(statements[0].text, R"(UPDATE "ks"."t" USING TIMESTAMP ? SET "a" = ?, "m" = "m" + ? WHERE "k" = ? AND "c" = ?)");
  EXPECT_EQ(bound(statements[0]), (Bound{"time", "a=3", "m=4", "k=1", "c=2"}));
}

TEST(CqlRequest, InsertMakesTheRow) {
  const RowWrite row{RowWrite::Kind::insert, kTable, {{"k", "1"}}, {{"a", "2"}, {"b", Value()}}};
  const std::vector<CqlStatement> statements = statements_of(row);
  ASSERT_EQ(statements.size(), 1U);
  EXPECT_EQ(statements[0].text, R"(INSERT INTO "ks"."t" ("k", "a", "b") VALUES (?, ?, ?) USING TIMESTAMP ?)");
  EXPECT_EQ(bound(statements[0]), (Bound{"k=1", "a=2", "b=null", "time"}));
}

TEST(CqlRequest, UpdateWithoutAssignmentsInsertsTheKey) {
  const std::vector<CqlStatement> statements = statements_of({RowWrite::Kind::update, kTable, {{"k", "1"}}, {}});
  ASSERT_EQ(statements.size(), 1U);
  EXPECT_EQ(statements[0].text, R"(INSERT INTO "ks"."t" ("k") VALUES (?) USING TIMESTAMP ?)");
}

TEST(CqlRequest, InsertThatMergesIsFollowedByAnUpdate) {
  const RowWrite row{RowWrite::Kind::insert, kTable, {{"k", "1"}}, {{"m", "2", Assignment::Mode::merge}, {"a", "3"}}};
  const std::vector<CqlStatement> statements = statements_of(row);
  ASSERT_EQ(statements.size(), 2U);
  EXPECT_EQ(statements[0].text, R"(INSERT INTO "ks"."t" ("k", "a") VALUES (?, ?) USING TIMESTAMP ?)");
  EXPECT_EQ(statements[1].text, R"(UPDATE "ks"."t" USING TIMESTAMP ? SET "m" = "m" + ? WHERE "k" = ?)");
  EXPECT_EQ(bound(statements[1]), (Bound{"time", "m=2", "k=1"}));
}

TEST(CqlRequest, EraseDeletesTheRow) {
  const RowWrite row{RowWrite::Kind::erase, kTable, {{"k", "1"}, {"c", "2"}}, {}};
  const std::vector<CqlStatement> statements = statements_of(row);
  ASSERT_EQ(statements.size(), 1U);
  EXPECT_EQ(statements[0].text, R"(DELETE FROM "ks"."t" USING TIMESTAMP ? WHERE "k" = ? AND "c" = ?)");
  EXPECT_EQ(bound(statements[0]), (Bound{"time", "k=1", "c=2"}));
}

TEST(CqlRequest, InsertIfAbsentHasNoWriteTime) {
  const RowWrite row{RowWrite::Kind::insert, kTable, {{"k", "1"}}, {{"a", "2"}}};
  const CqlStatement statement = insert_if_absent_statement(row);
  EXPECT_EQ(statement.text, R"(INSERT INTO "ks"."t" ("k", "a") VALUES (?, ?) IF NOT EXISTS)");
  EXPECT_EQ(bound(statement), (Bound{"k=1", "a=2"}));
}

TEST(CqlRequest, NamesCannotLeaveTheirQuotes) {
  EXPECT_EQ(quoted_identifier("a\"; DROP"), "\"a\"\"; DROP\"");
  const RowsQuery query{{"K", "t\"x"}, {"c\""}, {{"\"", "1"}}};
  EXPECT_EQ(select_statement(query).text, "SELECT \"c\"\"\" FROM \"K\".\"t\"\"x\" WHERE \"\"\"\" = ?");
}

}  // namespace
}  // namespace lernd::cassandra
