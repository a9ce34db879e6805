#include "core/cql_type.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

namespace lernd {
namespace {

CqlType of(CqlKind kind, std::vector<CqlType> parameters = {}) { return {.kind = kind, .parameters = std::move(parameters)}; }

CqlType frozen(CqlType type) {
  type.frozen = true;
  return type;
}

CqlType parsed(std::string_view text) {
  const Result<CqlType> type = parse_cql_type(text);
  EXPECT_TRUE(type) << text;
  return type.value_or(CqlType{});
}

TEST(CqlType, KnowsTheSimpleTypes) {
  EXPECT_EQ(parsed("text"), of(CqlKind::text));
  EXPECT_EQ(parsed("varchar"), of(CqlKind::text));
  EXPECT_EQ(parsed("ascii"), of(CqlKind::text));
  EXPECT_EQ(parsed("boolean"), of(CqlKind::boolean));
  EXPECT_EQ(parsed("tinyint"), of(CqlKind::tinyint));
  EXPECT_EQ(parsed("smallint"), of(CqlKind::smallint));
  EXPECT_EQ(parsed("int"), of(CqlKind::integer));
  EXPECT_EQ(parsed("bigint"), of(CqlKind::bigint));
  EXPECT_EQ(parsed("counter"), of(CqlKind::counter));
  EXPECT_EQ(parsed("float"), of(CqlKind::single_float));
  EXPECT_EQ(parsed("double"), of(CqlKind::double_float));
  EXPECT_EQ(parsed("timestamp"), of(CqlKind::timestamp));
  EXPECT_EQ(parsed("date"), of(CqlKind::date));
  EXPECT_EQ(parsed("time"), of(CqlKind::time));
  EXPECT_EQ(parsed("uuid"), of(CqlKind::uuid));
  EXPECT_EQ(parsed("timeuuid"), of(CqlKind::uuid));
}

TEST(CqlType, ReadsCollectionsInsideCollections) {
  EXPECT_EQ(parsed("map<text, double>"), of(CqlKind::map, {of(CqlKind::text), of(CqlKind::double_float)}));
  EXPECT_EQ(parsed("list<frozen<map<text, text>>>"), of(CqlKind::list, {frozen(of(CqlKind::map, {of(CqlKind::text), of(CqlKind::text)}))}));
  EXPECT_EQ(parsed("frozen<set<int>>"), frozen(of(CqlKind::set, {of(CqlKind::integer)})));
  EXPECT_EQ(parsed("map<int, frozen<list<frozen<set<uuid>>>>>"),
            of(CqlKind::map, {of(CqlKind::integer), frozen(of(CqlKind::list, {frozen(of(CqlKind::set, {of(CqlKind::uuid)}))}))}));
}

TEST(CqlType, IsIndifferentToSpaceAndCase) { EXPECT_EQ(parsed("  Map < TEXT ,\tDouble > "), parsed("map<text,double>")); }

TEST(CqlType, CarriesWhatItDoesNotKnow) {
  for (const std::string_view text :
       {"blob", "inet", "decimal", "varint", "duration", "tuple<int, text>", "frozen<tuple<int, frozen<list<text>>>>", "udt<int, text>", "vector<float, 3>",
        "frozen<address>", "\"My Type\"", "'org.apache.cassandra.db.marshal.PartitionerDefinedOrder'"}) {
    EXPECT_EQ(parsed(text).kind, CqlKind::carried) << text;
  }
  EXPECT_EQ(parsed("map<text, frozen<\"My, <Type\">>"), of(CqlKind::map, {of(CqlKind::text), frozen(of(CqlKind::carried))}));
}

TEST(CqlType, HasAFormAndAWidth) {
  const std::tuple<std::string_view, CqlForm, int> kinds[] = {
      {"text", CqlForm::text, 0},         {"boolean", CqlForm::boolean, 0},     {"tinyint", CqlForm::integer, 8},  {"smallint", CqlForm::integer, 16},
      {"int", CqlForm::integer, 32},      {"bigint", CqlForm::integer, 64},     {"counter", CqlForm::integer, 64}, {"float", CqlForm::real, 32},
      {"double", CqlForm::real, 64},      {"timestamp", CqlForm::timestamp, 0}, {"list<int>", CqlForm::list, 0},   {"set<int>", CqlForm::set, 0},
      {"map<int, int>", CqlForm::map, 0}, {"uuid", CqlForm::bytes, 0},          {"blob", CqlForm::bytes, 0}};
  for (const auto& [text, form, bits] : kinds) {
    EXPECT_EQ(form_of(parsed(text)), form) << text;
    EXPECT_EQ(bits_of(parsed(text).kind), bits) << text;
    EXPECT_EQ(is_collection(parsed(text)), text.ends_with('>')) << text;
  }
}

TEST(CqlType, IsWrittenWithItsFirstName) {
  EXPECT_EQ(text_of(parsed("MAP<varchar, frozen<list<int>>>")), "map<text, list<int>>");
  EXPECT_EQ(text_of(parsed("inet")), "another type");
}

TEST(CqlType, RefusesWhatIsNoType) {
  for (const std::string_view text : {"", " ", "<", "map", "map<text>", "map<text, int", "map<text, int>>", "list<>", "list<text,>", "int<text>", "frozen",
                                      "frozen<>", "text text", "\"open", ",", "list<text>x", "text>"}) {
    const Result<CqlType> type = parse_cql_type(text);
    ASSERT_FALSE(type) << text;
    EXPECT_EQ(type.error().treatment, Treatment::fatal);
    EXPECT_EQ(type.error().code, ErrorCode::schema_mismatch);
  }
}

TEST(CqlType, RefusesNestingWithoutEnd) {
  std::string nested;
  for (int i = 0; i < 100'000; ++i) nested += "list<";
  EXPECT_FALSE(parse_cql_type(nested));
}

}  // namespace
}  // namespace lernd
