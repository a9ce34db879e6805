#include "app/vectors/table_json.h"

#include <gtest/gtest.h>

#include "app/vectors/matcher.h"

namespace lernd {
namespace {

using nlohmann::json;

struct Fit {
  json value;
  const char* type;
};

TEST(TableJsonTest, ValuesComeBackAsTheyWere) {
  for (const auto& fit : {Fit{"a", "text"}, Fit{"ü", "varchar"}, Fit{2147483648, "bigint"}, Fit{1.5, "double"}, Fit{true, "boolean"}, Fit{{1, 2}, "list<int>"},
                          Fit{{"a", "b"}, "set<text>"}, Fit{{{"k", 1.0}}, "map<text, double>"}, Fit{{{{"a", "b"}}}, "list<frozen<map<text, text>>>"},
                          Fit{{{"1", "x"}}, "map<int, text>"}, Fit{{{"k", {1}}}, "map<text, frozen<list<int>>>"}}) {
    const auto value = value_of_type(fit.value, fit.type);
    ASSERT_TRUE(value) << fit.type << ": " << value.error().text;
    EXPECT_EQ(json_of(*value), fit.value) << fit.type;
  }
}

TEST(TableJsonTest, KeysOfMapsHaveTheirType) {
  const auto value = value_of_type({{"1", "x"}}, "map<int, text>");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->map()->entries.front().first, Value(std::int64_t{1}));
}

TEST(TableJsonTest, NullsAndEmptyCollectionsAreNull) {
  EXPECT_TRUE(value_of_type(nullptr, "int")->is_null());
  EXPECT_TRUE(json_of(*value_of_type(json::array(), "list<int>")).is_null());
}

TEST(TableJsonTest, MisfitsAreErrors) {
  for (const auto& misfit :
       {Fit{"1", "int"}, Fit{1.5, "int"}, Fit{1, "text"}, Fit{1, "boolean"}, Fit{"yesterday", "timestamp"}, Fit{json::object(), "list<int>"},
        Fit{{"a"}, "list<int>"}, Fit{{{"k", "v"}}, "map<text, int>"}, Fit{{{"k", 1}}, "map<int, int>"}, Fit{"x", "blob"}}) {
    EXPECT_FALSE(value_of_type(misfit.value, misfit.type)) << misfit.value << " " << misfit.type;
  }
}

TEST(TableJsonTest, Timestamps) {
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00:00.000Z"), 0);
  EXPECT_EQ(parse_timestamp("2023-07-22T04:26:40.123Z"), 1690000000123);
  EXPECT_EQ(timestamp_text(1690000000123), "2023-07-22T04:26:40.123Z");
  EXPECT_EQ(timestamp_text(-1), "1969-12-31T23:59:59.999Z");
  for (const auto* wrong :
       {"", "2023-07-22", "2023-07-22 04:26:40.123Z", "2023-13-22T04:26:40.123Z", "2023-07-22T04:26:40.123+0000", "2023-07-22T04:26:40.12xZ"}) {
    EXPECT_FALSE(parse_timestamp(wrong)) << wrong;
  }
  EXPECT_EQ(json_of(*value_of_type("2023-07-22T04:26:40.123Z", "timestamp")), timestamp_json(1690000000123));
}

}  // namespace
}  // namespace lernd
