#include "core/table.h"

#include <gtest/gtest.h>

namespace lernd {
namespace {

Rows two_rows() {
  Rows rows({"contentid", "status"});
  rows.add({"c1", 2});
  rows.add({"c2", Value()});
  return rows;
}

TEST(Rows, GivesCellsByRowAndColumn) {
  const Rows rows = two_rows();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_FALSE(rows.empty());
  EXPECT_EQ(rows[0]["contentid"], Value("c1"));
  EXPECT_EQ(rows[0]["status"], Value(2));
  EXPECT_EQ(rows[1]["contentid"], Value("c2"));
  EXPECT_TRUE(rows[1]["status"].is_null());
  EXPECT_EQ(rows[1].cells().size(), 2u);
  EXPECT_EQ(rows[1].cells()[0], Value("c2"));
}

TEST(Rows, AColumnNotAskedForIsNull) { EXPECT_TRUE(two_rows()[0]["progress"].is_null()); }

TEST(Rows, EmptyOnes) {
  EXPECT_EQ(Rows().size(), 0u);
  EXPECT_TRUE(Rows().empty());
  EXPECT_EQ(Rows({"a"}).size(), 0u);
  EXPECT_TRUE(Rows({"a"}).empty());
  EXPECT_EQ(Rows({"a"}).columns(), std::vector<std::string>{"a"});
}

TEST(Rows, CompareByColumnsAndCells) {
  EXPECT_EQ(two_rows(), two_rows());
  Rows more = two_rows();
  more.add({"c3", 1});
  EXPECT_NE(more, two_rows());
  EXPECT_NE(Rows({"a"}), Rows({"b"}));
}

TEST(TableSchema, FindsColumns) {
  const TableSchema schema{.name = {"k", "t"}, .columns = {{"id", "text"}, {"status", "int"}}, .key = {"id"}};
  ASSERT_NE(schema.find("status"), nullptr);
  EXPECT_EQ(schema.find("status")->type, "int");
  EXPECT_EQ(schema.find("other"), nullptr);
  EXPECT_EQ(schema.name.text(), "k.t");
}

}  // namespace
}  // namespace lernd
