#include "core/value.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/seed.h"
#include "unit/core/random_plan.h"

namespace lernd {
namespace {

/// Values that are all different from each other.
std::vector<Value> different() {
  return {Value(),
          false,
          true,
          0,
          1,
          std::int64_t{1} << 40,
          0.0,
          1.0,
          "",
          "1",
          "true",
          Timestamp{0},
          Timestamp{1},
          ValueBytes{""},
          ValueBytes{"1"},
          ValueList{},
          ValueList{{1}},
          ValueList{{1, 2}},
          ValueList{{2, 1}},
          ValueList{{ValueList{}}},
          ValueMap{},
          ValueMap{{{"a", 1}}},
          ValueMap{{{"a", 1.0}}},
          ValueMap{{{"b", 1}}},
          ValueMap{{{"a", 1}, {"b", 1}}}};
}

TEST(Value, IsEqualToItsCopyOnly) {
  const auto values = different();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Value copy = values[i];
    for (std::size_t j = 0; j < values.size(); ++j) EXPECT_EQ(copy == values[j], i == j) << i << " and " << j;
  }
}

TEST(Value, HashAgreesWithEquality) {
  for (const Value& value : different()) EXPECT_EQ(hash_of(value), hash_of(Value(value)));
  EXPECT_EQ(Value(0.0), Value(-0.0));
  EXPECT_EQ(hash_of(Value(0.0)), hash_of(Value(-0.0)));
  const std::uint64_t seed = test_seed();
  RandomPlans one(seed);
  RandomPlans same(seed);
  for (int i = 0; i < 1000; ++i) {
    const Value a = one.value();
    const Value b = same.value();
    ASSERT_EQ(a, b);
    ASSERT_EQ(hash_of(a), hash_of(b));
  }
}

TEST(Value, HashTellsFormsApart) {
  EXPECT_NE(hash_of(Value(1)), hash_of(Value(Timestamp{1})));
  EXPECT_NE(hash_of(Value("a")), hash_of(Value(ValueBytes{"a"})));
  EXPECT_NE(hash_of(Value(ValueList{{1, 2}})), hash_of(Value(ValueList{{2, 1}})));
}

TEST(Value, NullAndEmptyCollectionsAreNullForAStore) {
  for (const Value& value : {Value(), Value(ValueList{}), Value(ValueMap{})}) EXPECT_TRUE(value.is_null());
  for (const Value& value : {Value(false), Value(0), Value(0.0), Value(""), Value(Timestamp{}), Value(ValueBytes{}), Value(ValueList{{Value()}}),
                             Value(ValueMap{{{"a", Value()}}})}) {
    EXPECT_FALSE(value.is_null());
  }
}

TEST(Value, GivesNothingOfAnotherForm) {
  EXPECT_EQ(*Value("x").text(), "x");
  EXPECT_EQ(Value("x").integer(), nullptr);
  EXPECT_EQ(*Value(3).integer(), 3);
  EXPECT_EQ(Value(3.0).integer(), nullptr);
  EXPECT_EQ(Value(3).text(), nullptr);
  EXPECT_EQ(Value(ValueMap{{{"a", 1}}}).map()->entries.size(), 1u);
  EXPECT_EQ(Value(ValueMap{}).list(), nullptr);
  EXPECT_EQ(Value(ValueList{{1}}).list()->items.front(), Value(1));
  EXPECT_EQ(Value(ValueList{}).map(), nullptr);
}

}  // namespace
}  // namespace lernd
