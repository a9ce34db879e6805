#include "adapters/cassandra/cql_codec.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>

namespace lernd::cassandra {
namespace {

using namespace std::string_literals;

constexpr std::int64_t kInt64Min = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kInt64Max = std::numeric_limits<std::int64_t>::max();

CqlType type_of(std::string_view text) {
  const Result<CqlType> type = parse_cql_type(text);
  EXPECT_TRUE(type) << text;
  return type.value_or(CqlType{});
}

Result<std::string> encoded(std::string_view type, const Value& value) {
  std::string cells;
  if (Result<void> done = append_cell(type_of(type), value, cells); !done) return std::unexpected(done.error());
  return cells;
}

Result<Value> decoded(std::string_view type, std::string_view cells) {
  CellReader reader(cells);
  const Result<std::optional<std::string_view>> bytes = reader.next();
  if (!bytes) return std::unexpected(bytes.error());
  EXPECT_TRUE(reader.done());
  return decode_cell(type_of(type), *bytes);
}

/// The value after its way to the server and back.
Value there_and_back(std::string_view type, const Value& value) {
  const Result<std::string> cells = encoded(type, value);
  EXPECT_TRUE(cells) << type;
  const Result<Value> back = decoded(type, cells.value_or(""));
  EXPECT_TRUE(back) << type;
  return back.value_or(Value());
}

struct Case {
  std::string_view type;
  Value value;
};

TEST(CqlCodec, EveryTypeComesBack) {
  const Case cases[] = {
      {"text", ""},
      {"text", "näme 'quoted' \"twice\" \U0001F393"},
      {"varchar", "a"},
      {"ascii", "a"},
      {"boolean", true},
      {"boolean", false},
      {"tinyint", -128},
      {"smallint", 32'767},
      {"int", std::numeric_limits<std::int32_t>::min()},
      {"int", -1},
      {"bigint", kInt64Min},
      {"bigint", kInt64Max},
      {"counter", 42},
      {"float", -1.5},
      {"double", 0.1},
      {"double", -std::numeric_limits<double>::infinity()},
      {"timestamp", Timestamp{-1}},
      {"timestamp", Timestamp{1'700'000'000'123}},
      {"blob", ValueBytes{"\0\xff"s}},
      {"blob", ValueBytes{}},
      {"date", ValueBytes{"\x80\0\0\1"s}},
      {"time", ValueBytes{"\0\0\0\0\0\0\0\1"s}},
      {"uuid", ValueBytes{std::string(16, 'u')}},
      {"timeuuid", ValueBytes{std::string(16, 't')}},
      {"inet", ValueBytes{"\x7f\0\0\1"s}},
      {"decimal", ValueBytes{"\0\0\0\1\5"s}},
      {"varint", ValueBytes{"\x01\x00"s}},
      {"duration", ValueBytes{"\x02\x04\x06"s}},
      {"tuple<int, text>", ValueBytes{"\0\0\0\4\0\0\0\7"s}},
      {"frozen<address>", ValueBytes{"\xff\xff\xff\xff"s}},
      {"vector<float, 1>", ValueBytes{"\0\0\0\0"s}},
      {"list<text>", ValueList{{"b", "a", "b"}}},
      {"set<int>", ValueList{{-1, 2}}},
      {"map<text, double>", ValueMap{{{"a", 1.0}, {"b", 2.5}}}},
      {"map<text, timestamp>", ValueMap{{{"a", Timestamp{5}}}}},
      {"list<frozen<map<text, text>>>", ValueList{{ValueMap{{{"id", "x"}}}, ValueMap{}}}},
      {"map<int, frozen<list<text>>>", ValueMap{{{1, ValueList{}}, {2, ValueList{{"", "x"}}}}}},
  };
  for (const Case& c : cases) EXPECT_EQ(there_and_back(c.type, c.value), c.value) << c.type;
  EXPECT_TRUE(std::isnan(std::get<double>(there_and_back("float", std::nan("")).form)));
}

TEST(CqlCodec, BytesAreThoseOfTheProtocol) {
  EXPECT_EQ(encoded("int", 258), "\0\0\0\4\0\0\1\2"s);
  EXPECT_EQ(encoded("bigint", -2), "\0\0\0\x08\xff\xff\xff\xff\xff\xff\xff\xfe"s);
  EXPECT_EQ(encoded("tinyint", -1), "\0\0\0\1\xff"s);
  EXPECT_EQ(encoded("boolean", true), "\0\0\0\1\1"s);
  EXPECT_EQ(encoded("double", 1.0), "\0\0\0\x08\x3f\xf0\0\0\0\0\0\0"s);
  EXPECT_EQ(encoded("float", 1.0), "\0\0\0\4\x3f\x80\0\0"s);
  EXPECT_EQ(encoded("text", "ab"), "\0\0\0\2ab"s);
  EXPECT_EQ(encoded("text", ""), "\0\0\0\0"s);
  EXPECT_EQ(encoded("list<int>", ValueList{{1}}), "\0\0\0\x0c\0\0\0\1\0\0\0\4\0\0\0\1"s);
  EXPECT_EQ(encoded("map<text, int>", ValueMap{{{"k", 1}}}), "\0\0\0\x11\0\0\0\1\0\0\0\1k\0\0\0\4\0\0\0\1"s);
  std::string cells;
  append_bigint_cell(1, cells);
  EXPECT_EQ(cells, encoded("bigint", 1));
}

TEST(CqlCodec, NullAndEmptyCollectionsAreNull) {
  const std::string null = "\xff\xff\xff\xff";
  for (const std::string_view type : {"text", "int", "blob", "list<text>", "map<text, int>", "uuid"}) {
    EXPECT_EQ(encoded(type, Value()), null) << type;
    EXPECT_EQ(decoded(type, null), Value()) << type;
  }
  EXPECT_EQ(encoded("list<text>", ValueList{}), null);
  EXPECT_EQ(encoded("frozen<map<text, int>>", ValueMap{}), null);
  EXPECT_EQ(decoded("list<text>", "\0\0\0\4\0\0\0\0"s), Value());
}

TEST(CqlCodec, EmptyBytesAreNullUnlessTheTypeHasAnEmptyValue) {
  for (const std::string_view type : {"int", "bigint", "boolean", "double", "float", "timestamp", "tinyint", "uuid", "date"}) {
    EXPECT_EQ(decoded(type, "\0\0\0\0"s), Value()) << type;
  }
  EXPECT_EQ(decoded("text", "\0\0\0\0"s), Value(""));
  EXPECT_EQ(decoded("blob", "\0\0\0\0"s), Value(ValueBytes{}));
}

TEST(CqlCodec, AnotherFormIsAFaultOfTheSchema) {
  const Case cases[] = {{"text", 1},
                        {"int", "1"},
                        {"int", 1.0},
                        {"double", 1},
                        {"boolean", 1},
                        {"timestamp", 5},
                        {"blob", "x"},
                        {"uuid", "x"},
                        {"list<text>", "x"},
                        {"set<int>", ValueMap{{{1, 2}}}},
                        {"map<text, int>", ValueList{{1}}},
                        {"text", ValueBytes{"x"}},
                        {"list<int>", ValueList{{"x"}}},
                        {"map<text, int>", ValueMap{{{1, 1}}}}};
  for (const Case& c : cases) {
    const Result<std::string> cells = encoded(c.type, c.value);
    ASSERT_FALSE(cells) << c.type;
    EXPECT_EQ(cells.error().treatment, Treatment::fatal) << c.type;
    EXPECT_EQ(cells.error().code, ErrorCode::schema_mismatch) << c.type;
  }
}

TEST(CqlCodec, AValueThatDoesNotFitIsRejectedAndNotQuoted) {
  const Case cases[] = {{"tinyint", 128},
                        {"smallint", -32'769},
                        {"int", std::int64_t{1} << 31},
                        {"float", 1e300},
                        {"uuid", ValueBytes{"secret"}},
                        {"date", ValueBytes{"secret"}},
                        {"time", ValueBytes{"secret"}},
                        {"list<text>", ValueList{{Value()}}},
                        {"map<text, int>", ValueMap{{{"secret", Value()}}}},
                        {"map<text, int>", ValueMap{{{Value(), 1}}}},
                        {"map<text, tinyint>", ValueMap{{{"secret", 500}}}}};
  for (const Case& c : cases) {
    const Result<std::string> cells = encoded(c.type, c.value);
    ASSERT_FALSE(cells) << c.type;
    EXPECT_EQ(cells.error().treatment, Treatment::reject) << c.type;
    EXPECT_EQ(cells.error().text.find("secret"), std::string::npos);
  }
}

TEST(CqlCodec, AFailedCellLeavesNothingBehind) {
  std::string cells = "before";
  EXPECT_FALSE(append_cell(type_of("list<int>"), ValueList{{1, 2, "x"}}, cells));
  EXPECT_EQ(cells, "before");
}

TEST(CqlCodec, MalformedBytesAreAnError) {
  const std::pair<std::string_view, std::string> cases[] = {
      {"int", "\0\0\0"s},
      {"int", "\0\0\0\0\0"s},
      {"boolean", "\0\0"s},
      {"double", "\0\0\0\0"s},
      {"timestamp", "\0"s},
      {"uuid", std::string(15, 'x')},
      {"list<int>", "\0\0"s},
      {"list<int>", "\xff\xff\xff\xff"s},
      {"list<int>", "\x7f\xff\xff\xff"s},
      {"list<int>", "\0\0\0\1"s},
      {"list<int>", "\0\0\0\1\0\0\0\4\0\0\0"s},
      {"list<int>", "\0\0\0\1\0\0\0\4\0\0\0\1x"s},
      {"list<int>", "\0\0\0\1\0\0\0\2\0\0"s},
      {"map<text, int>", "\0\0\0\1\0\0\0\1k"s},
      {"map<text, int>", "\0\0\0\1\0\0\0\1k\0\0\0\4\0\0"s},
      {"map<text, frozen<list<int>>>", "\0\0\0\1\0\0\0\1k\0\0\0\4\0\0\0\5"s},
  };
  for (const auto& [type, bytes] : cases) {
    const Result<Value> value = decode_cell(type_of(type), bytes);
    ASSERT_FALSE(value) << type;
    EXPECT_EQ(value.error().treatment, Treatment::fatal);
    EXPECT_EQ(value.error().code, ErrorCode::bad_answer);
  }
}

TEST(CqlCodec, CellsThatEndTooEarlyAreAnError) {
  for (const std::string& cells : {""s, "\0\0\0"s, "\0\0\0\1"s, "\x7f\xff\xff\xff"s}) {
    CellReader reader(cells);
    EXPECT_FALSE(reader.next());
  }
  const std::string two = "\0\0\0\1a\xff\xff\xff\xff"s;
  CellReader reader(two);
  EXPECT_EQ(reader.next().value(), std::optional<std::string_view>("a"));
  EXPECT_FALSE(reader.done());
  EXPECT_EQ(reader.next().value(), std::nullopt);
  EXPECT_TRUE(reader.done());
}

/// Any bytes at all: an answer or an error, nothing else. The sanitizers look on.
TEST(CqlCodec, RandomBytesAreDecodedOrRefused) {
  std::mt19937_64 random(1);
  const std::string_view types[] = {"text", "int", "double", "list<int>", "map<text, frozen<list<frozen<map<int, blob>>>>>", "set<uuid>", "timestamp"};
  int decoded_count = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random() % 40, '\0');
    // Mostly zeros: lengths that are small are the interesting ones.
    for (char& c : bytes) c = random() % 3 == 0 ? static_cast<char>(random() % 9) : '\0';
    for (const std::string_view type : types) decoded_count += decode_cell(type_of(type), bytes).has_value() ? 1 : 0;
  }
  EXPECT_GT(decoded_count, 20'000);  // every text at least
}

/// Damage to good bytes, one byte at a time and cut short at every place.
TEST(CqlCodec, DamagedBytesAreDecodedOrRefused) {
  const CqlType type = type_of("map<text, frozen<list<frozen<map<text, int>>>>>");
  const Value value = ValueMap{{{"a", ValueList{{ValueMap{{{"x", 1}, {"y", 2}}}}}}, {"b", ValueList{}}}};
  std::string cell;
  ASSERT_TRUE(append_cell(type, value, cell));
  const std::string bytes = cell.substr(4);
  ASSERT_EQ(decode_cell(type, bytes), value);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_EQ(decode_cell(type, bytes.substr(0, i)).has_value(), false) << i;
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      EXPECT_NE(decode_cell(type, damaged), value) << i;
    }
  }
}

}  // namespace
}  // namespace lernd::cassandra
