#include "bulk/csv_field.h"

#include <gtest/gtest.h>

namespace lernd::bulk {
namespace {

TEST(BulkCsvField, TakesFields) {
  std::string room;
  EXPECT_EQ(csv_field("a,b,c", 2, room).value, "b");
  EXPECT_EQ(csv_field("a", 2, room).value, "");
  EXPECT_EQ(csv_field(R"( "x,""y""" ,b)", 1, room).value, R"(x,"y")");
  EXPECT_EQ(csv_field(R"("x","y")", 2, room).value, "y");
  EXPECT_EQ(csv_field("a\"b", 1, room).value, "a\"b");
  EXPECT_FALSE(csv_field("a", 1, room).others);
  EXPECT_TRUE(csv_field("a,", 1, room).others);
  EXPECT_TRUE(csv_field("a,b", 2, room).others);
}

TEST(BulkCsvField, QuotesThatAreWrong) {
  std::string room;
  EXPECT_TRUE(csv_field("\"a", 1, room).broken);
  EXPECT_TRUE(csv_field("\"a\"b,c", 1, room).broken);
  EXPECT_TRUE(csv_field("\"a\" x,c", 2, room).broken);
  EXPECT_FALSE(csv_field("a,\"b", 1, room).broken) << "what is not taken is not looked at";
}

TEST(BulkCsvField, QuotesWhereNeeded) {
  EXPECT_EQ(csv_quoted("a b"), "a b");
  EXPECT_EQ(csv_quoted("a,\"b\"\r"), "\"a,\"\"b\"\"\r\"");
}

}  // namespace
}  // namespace lernd::bulk
