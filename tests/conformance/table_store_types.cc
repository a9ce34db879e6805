// A value of every CQL type that the jobs use goes in and comes out as it was.
#include <limits>

#include "conformance/table_store_suite.h"

namespace lernd {
namespace {

TEST_P(TableStoreSuite, ScalarsComeBackAsTheyWere) {
  const TableName table = create(
      "scalars",
      {{"id", "text"}, {"t", "text"}, {"i", "int"}, {"b", "bigint"}, {"f", "float"}, {"d", "double"}, {"o", "boolean"}, {"s", "timestamp"}, {"x", "blob"}},
      {"id"});
  const auto check = [&](const std::string& id, const std::vector<Assignment>& values) {
    ASSERT_TRUE(ok(write({insert(table, {{"id", id}}, values)})));
    const auto rows = read(table, {{"id", id}});
    ASSERT_TRUE(ok(rows));
    ASSERT_EQ(rows->size(), 1u);
    for (const Assignment& value : values) EXPECT_EQ((*rows)[0][value.column], value.value) << id << " " << value.column;
  };
  const std::string bytes("\x00\xff\x80 bytes", 9);
  check("usual", {{"t", "text"},
                  {"i", 42},
                  {"b", std::int64_t{1} << 40},
                  {"f", 12.5},
                  {"d", 0.1},
                  {"o", true},
                  {"s", Timestamp{1690000000123}},
                  {"x", ValueBytes{bytes}}});
  check("low", {{"t", ""},
                {"i", std::numeric_limits<std::int32_t>::min()},
                {"b", std::numeric_limits<std::int64_t>::min()},
                {"f", -0.25},
                {"d", -1e300},
                {"o", false},
                {"s", Timestamp{-1}},
                {"x", ValueBytes{std::string(1, '\0')}}});
  check("high", {{"t", std::string(100000, 'x')},
                 {"i", std::numeric_limits<std::int32_t>::max()},
                 {"b", std::numeric_limits<std::int64_t>::max()},
                 {"f", 16777216.0},
                 {"d", 2.0},
                 {"o", true},
                 {"s", Timestamp{0}},
                 {"x", ValueBytes{std::string(100000, '\xfe')}}});
}

TEST_P(TableStoreSuite, AFloatHasThePrecisionOfAFloat) {
  const TableName table = create_simple("floats", "float");
  ASSERT_TRUE(ok(write({put(table, "a", 0.1)})));
  EXPECT_EQ(value_of(table, "a"), Value(static_cast<double>(0.1f)));
}

TEST_P(TableStoreSuite, CollectionsComeBackAsTheyWere) {
  const TableName table = create("collections",
                                 {{"id", "text"},
                                  {"l", "list<text>"},
                                  {"certificates", "list<frozen<map<text, text>>>"},
                                  {"counts", "map<text, int>"},
                                  {"sums", "map<text, double>"},
                                  {"times", "map<text, timestamp>"},
                                  {"big", "map<text, bigint>"},
                                  {"nested", "map<text, frozen<list<text>>>"},
                                  {"numbers", "map<int, text>"},
                                  {"flags", "list<boolean>"}},
                                 {"id"});
  const std::vector<Assignment> values = {
      {"l", list_of({"b", "a", "b", ""})},
      {"certificates", list_of({map_of({{"identifier", "c\"1\""}, {"name", "प्रमाण"}}), map_of({{"identifier", "c2"}})})},
      {"counts", map_of({{"", 0}, {"a", -1}, {"b", 2}})},
      {"sums", map_of({{"completedCount", 3.0}, {"max", 1e-7}})},
      {"times", map_of({{"completedCount", Timestamp{1690000000123}}})},
      {"big", map_of({{"x", std::numeric_limits<std::int64_t>::max()}})},
      {"nested", map_of({{"k", list_of({"v", "w"})}})},
      {"numbers", map_of({{-5, "minus"}, {2, "two"}, {10, "ten"}})},
      {"flags", list_of({true, false, true})},
  };
  ASSERT_TRUE(ok(write({update(table, {{"id", "a"}}, values)})));
  const auto rows = read(table, {{"id", "a"}});
  ASSERT_TRUE(ok(rows));
  ASSERT_EQ(rows->size(), 1u);
  for (const Assignment& value : values) EXPECT_EQ((*rows)[0][value.column], value.value) << value.column;
}

TEST_P(TableStoreSuite, ASetIsSortedAndHasEachMemberOnce) {
  const TableName table = create_simple("sets", "set<text>");
  ASSERT_TRUE(ok(write({put(table, "a", list_of({"z", "é", "a", "z", "B"}))})));
  EXPECT_EQ(value_of(table, "a"), list_of({"B", "a", "z", "é"}));
}

TEST_P(TableStoreSuite, MapsAreSortedByTheirKeys) {
  const TableName table = create_simple("maps", "map<text, int>");
  ASSERT_TRUE(ok(write({put(table, "a", map_of({{"z", 1}, {"é", 2}, {"B", 3}, {"a", 4}}))})));
  EXPECT_EQ(value_of(table, "a"), map_of({{"B", 3}, {"a", 4}, {"z", 1}, {"é", 2}}));
}

TEST_P(TableStoreSuite, NumbersAndTimesMayBeKeys) {
  const TableName table = create("keys", {{"n", "bigint"}, {"at", "timestamp"}, {"yes", "boolean"}, {"value", "text"}}, {"n", "at", "yes"});
  const std::vector<Cell> key = {{"n", std::int64_t{-7}}, {"at", Timestamp{1690000000123}}, {"yes", true}};
  ASSERT_TRUE(ok(write({update(table, key, {{"value", "x"}})})));
  const auto rows = read(table, key);
  ASSERT_TRUE(ok(rows));
  ASSERT_EQ(rows->size(), 1u);
  for (const Cell& cell : key) EXPECT_EQ((*rows)[0][cell.column], cell.value) << cell.column;
}

}  // namespace
}  // namespace lernd
