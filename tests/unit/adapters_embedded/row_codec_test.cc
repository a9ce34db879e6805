#include "adapters/embedded/row_codec.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "conformance/conformance.h"

namespace lernd::embedded {
namespace {

Value map_of(std::vector<std::pair<Value, Value>> entries) { return Value(ValueMap{std::move(entries)}); }
Value list_of(std::vector<Value> items) { return Value(ValueList{std::move(items)}); }

struct Form {
  std::string type;
  Value value;
  SqlValue cell;
};

const std::string kBytes("\x00\xff", 2);

const std::vector<Form> kForms = {
    {"text", "it's", SqlValue("it's")},
    {"text", "", SqlValue("")},
    {"int", 7, SqlValue(std::int64_t{7})},
    {"bigint", std::numeric_limits<std::int64_t>::min(), SqlValue(std::numeric_limits<std::int64_t>::min())},
    {"double", 2.0, SqlValue(2.0)},
    {"boolean", true, SqlValue(std::int64_t{1})},
    {"boolean", false, SqlValue(std::int64_t{0})},
    {"timestamp", Timestamp{1690000000000}, SqlValue("2023-07-22T04:26:40.000Z")},
    {"timestamp", Timestamp{-1}, SqlValue("1969-12-31T23:59:59.999Z")},
    {"timestamp", Timestamp{-62167219200000}, SqlValue("0000-01-01T00:00:00.000Z")},
    {"timestamp", Timestamp{253402300799999}, SqlValue("9999-12-31T23:59:59.999Z")},
    {"timestamp", Timestamp{1709164800000}, SqlValue("2024-02-29T00:00:00.000Z")},
    {"blob", ValueBytes{kBytes}, SqlValue(ValueBytes{kBytes})},
    {"uuid", ValueBytes{kBytes}, SqlValue(ValueBytes{kBytes})},
    {"list<text>", list_of({"b", "a", "b"}), SqlValue(R"(["b","a","b"])")},
    {"set<text>", list_of({"B", "a", "é"}), SqlValue(R"(["B","a","é"])")},
    {"set<int>", list_of({-5, 2, 10}), SqlValue("[-5,2,10]")},
    {"map<text, int>", map_of({{"a", 1}, {"b\"", 2}}), SqlValue(R"({"a":1,"b\"":2})")},
    {"map<text, double>", map_of({{"completedCount", 3.0}}), SqlValue(R"({"completedCount":3.0})")},
    {"map<text, timestamp>", map_of({{"at", Timestamp{0}}}), SqlValue(R"({"at":"1970-01-01T00:00:00.000Z"})")},
    {"map<timestamp, boolean>", map_of({{Timestamp{0}, true}}), SqlValue(R"({"1970-01-01T00:00:00.000Z":true})")},
    {"map<int, text>", map_of({{-1, "a"}, {2, "b"}}), SqlValue(R"([[-1,"a"],[2,"b"]])")},
    {"map<text, bigint>", map_of({{"x", std::int64_t{9007199254740993}}}), SqlValue(R"({"x":9007199254740993})")},
    {"list<frozen<map<text, text>>>", list_of({map_of({{"k", "v"}}), map_of({})}), SqlValue(R"([{"k":"v"},{}])")},
    {"map<text, frozen<list<text>>>", map_of({{"k", list_of({"v", "w"})}}), SqlValue(R"({"k":["v","w"]})")},
    {"list<blob>", list_of({ValueBytes{kBytes}}), SqlValue(R"(["0x00ff"])")},
};

TEST(RowCodecTest, PeopleCanReadWhatStandsInTheFile) {
  for (const Form& form : kForms) {
    const auto cell = encode_cell(*parse_cql_type(form.type), form.value);
    ASSERT_TRUE(ok(cell)) << form.type;
    EXPECT_EQ(*cell, form.cell) << form.type;
  }
}

TEST(RowCodecTest, DecodingGivesTheValueBack) {
  for (const Form& form : kForms) {
    const auto value = decode_cell(*parse_cql_type(form.type), form.cell);
    ASSERT_TRUE(ok(value)) << form.type;
    EXPECT_EQ(*value, form.value) << form.type;
  }
}

TEST(RowCodecTest, NullAndEmptyCollectionsAreNull) {
  for (const char* type : {"text", "int", "timestamp", "blob", "map<text, int>"}) {
    EXPECT_EQ(encode_cell(*parse_cql_type(type), Value()), Result<SqlValue>(SqlValue())) << type;
    EXPECT_EQ(decode_cell(*parse_cql_type(type), SqlValue()), Result<Value>(Value())) << type;
  }
  EXPECT_EQ(encode_cell(*parse_cql_type("list<text>"), list_of({})), Result<SqlValue>(SqlValue()));
  EXPECT_EQ(encode_cell(*parse_cql_type("map<text, int>"), map_of({})), Result<SqlValue>(SqlValue()));
}

TEST(RowCodecTest, SetsAndMapsArePutInOrder) {
  EXPECT_EQ(*encode_cell(*parse_cql_type("set<text>"), list_of({"é", "a", "B", "a"})), SqlValue(R"(["B","a","é"])"));
  EXPECT_EQ(*encode_cell(*parse_cql_type("map<text, int>"), map_of({{"b", 1}, {"a", 2}, {"b", 3}})), SqlValue(R"({"a":2,"b":3})"))
      << "of a repeated key the last counts";
  EXPECT_EQ(*encode_cell(*parse_cql_type("set<frozen<list<int>>>"), list_of({list_of({2}), list_of({1, 5}), list_of({2})})), SqlValue("[[1,5],[2]]"));
}

TEST(RowCodecTest, AnotherTypeIsAMismatch) {
  const std::vector<std::pair<std::string, Value>> wrong = {
      {"int", "1"},
      {"int", 1.0},
      {"text", 1},
      {"double", 1},
      {"boolean", 1},
      {"timestamp", 0},
      {"uuid", "bytes"},
      {"list<text>", "a"},
      {"list<text>", list_of({1})},
      {"map<text, int>", list_of({1})},
      {"map<text, int>", map_of({{1, 1}})},
      {"map<text, int>", map_of({{"a", "b"}})},
      {"set<text>", map_of({{"a", "b"}})},
  };
  for (const auto& [type, value] : wrong) {
    EXPECT_TRUE(failed(encode_cell(*parse_cql_type(type), value), Treatment::fatal, ErrorCode::schema_mismatch, {type})) << type;
  }
  EXPECT_EQ(encode_cell(*parse_cql_type("int"), "x").error().text, "is int, not text");
}

TEST(RowCodecTest, WhatATypeCannotHoldIsRejected) {
  const double infinite = std::numeric_limits<double>::infinity();
  const std::vector<std::pair<std::string, Value>> unfit = {
      {"int", std::int64_t{1} << 31},
      {"int", -(std::int64_t{1} << 31) - 1},
      {"smallint", 32768},
      {"tinyint", -129},
      {"text", "\xff"},
      {"list<text>", list_of({"\xc3"})},
      {"float", 1e300},
      {"double", infinite},
      {"double", std::nan("")},
      {"timestamp", Timestamp{253402300800000}},
      {"timestamp", Timestamp{-62167219200001}},
      {"list<text>", list_of({Value()})},
      {"map<text, int>", map_of({{"a", Value()}})},
  };
  for (const auto& [type, value] : unfit) {
    EXPECT_TRUE(failed(encode_cell(*parse_cql_type(type), value), Treatment::reject, ErrorCode::malformed_record)) << type;
  }
}

TEST(RowCodecTest, ChangedCellsAreCorrupt) {
  const std::vector<std::pair<std::string, SqlValue>> changed = {
      {"int", SqlValue("7")},
      {"text", SqlValue(std::int64_t{7})},
      {"text", SqlValue(ValueBytes{"x"})},
      {"timestamp", SqlValue("yesterday")},
      {"timestamp", SqlValue("2023-07-22 04:26:40.000Z")},
      {"timestamp", SqlValue("2023-02-29T04:26:40.000Z")},
      {"timestamp", SqlValue("2023-07-22T24:26:40.000Z")},
      {"timestamp", SqlValue("2023-07-22T04:-6:40.000Z")},
      {"list<text>", SqlValue("[1]")},
      {"list<text>", SqlValue("{}")},
      {"list<text>", SqlValue("[")},
      {"map<text, int>", SqlValue("[]")},
      {"map<text, int>", SqlValue(R"({"a":1.5})")},
      {"map<text, timestamp>", SqlValue(R"({"a":5})")},
      {"map<int, text>", SqlValue("{}")},
      {"map<int, text>", SqlValue(R"([[1]])")},
      {"list<blob>", SqlValue(R"(["0x0"])")},
      {"list<blob>", SqlValue(R"(["0xzz"])")},
      {"list<boolean>", SqlValue("[1]")},
  };
  for (const auto& [type, cell] : changed) {
    EXPECT_TRUE(failed(decode_cell(*parse_cql_type(type), cell), Treatment::fatal, ErrorCode::corrupt)) << type;
  }
}

TEST(RowCodecTest, MergingAddsEntriesInOrder) {
  const ValueMap more{{{"b", 22}, {"a", 1}}};
  EXPECT_EQ(merged(Value(), more), map_of({{"a", 1}, {"b", 22}}));
  EXPECT_EQ(merged(map_of({{"b", 2}, {"c", 3}}), more), map_of({{"a", 1}, {"b", 22}, {"c", 3}}));
}

}  // namespace
}  // namespace lernd::embedded
