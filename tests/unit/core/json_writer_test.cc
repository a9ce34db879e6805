#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

#include "core/json.h"
#include "support/seed.h"

namespace lernd {
namespace {

std::string text(std::string_view text) {
  std::string out;
  JsonWriter(out).text(text);
  return out;
}

std::string number(double number) {
  std::string out;
  JsonWriter(out).number(number);
  return out;
}

TEST(JsonWriter, SetsCommasAndNames) {
  std::string out;
  JsonWriter json(out);
  json.open_object().name("a").integer(1).name("b").open_array().text("x").null().boolean(true).open_array().close_array().open_object().close_object();
  json.close_array().name("c").open_object().close_object().name("d").raw("[0]").close_object();
  EXPECT_EQ(out, R"({"a":1,"b":["x",null,true,[],{}],"c":{},"d":[0]})");
}

TEST(JsonWriter, EscapesWhatJsonAsksFor) {
  EXPECT_EQ(text("a\"b\\c/d\n\r\t\b\f\x01\x7f"), "\"a\\\"b\\\\c/d\\n\\r\\t\\u0008\\u000c\\u0001\x7f\"");
  EXPECT_EQ(text(std::string_view("\0", 1)), R"("\u0000")");
  EXPECT_EQ(text("é😀"), "\"é😀\"");
  std::string out;
  JsonWriter(out).open_object().name("q\"").integer(1).close_object();
  EXPECT_EQ(out, R"({"q\"":1})");
}

TEST(JsonWriter, BytesThatAreNotUtf8BecomeReplacementCharacters) {
  EXPECT_EQ(text("a\xff"
                 "b"),
            "\"a\xef\xbf\xbd"
            "b\"");
  EXPECT_EQ(text("\xc3"), "\"\xef\xbf\xbd\"") << "a sequence cut short at the end";
  EXPECT_EQ(text("\xc3\xa9\x80\"\xf0\x9f\x98\x80\xed\xa0\x80"), "\"\xc3\xa9\xef\xbf\xbd\\\"\xf0\x9f\x98\x80\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

TEST(JsonWriter, DoublesReadBackAsDoubles) {
  EXPECT_EQ(number(1), "1.0");
  EXPECT_EQ(number(-0.0), "-0.0");
  EXPECT_EQ(number(0.1), "0.1");
  EXPECT_EQ(number(1e300), "1e+300");
  EXPECT_EQ(number(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(number(-std::numeric_limits<double>::infinity()), "null");
}

TEST(JsonWriter, IntegersKeepTheirLastDigit) {
  for (const auto value : {std::numeric_limits<std::int64_t>::min(), std::int64_t{0}, std::numeric_limits<std::int64_t>::max()}) {
    std::string out;
    JsonWriter(out).integer(value);
    const auto document = JsonDocument::parse(out);
    ASSERT_TRUE(document);
    EXPECT_EQ(document->root().integer(), value);
  }
}

TEST(JsonWriter, WhateverItWritesReadsBack) {
  std::mt19937_64 random(test_seed());
  for (int round = 0; round < 2000; ++round) {
    std::string bytes;
    for (auto n = random() % 40; n > 0; --n) bytes += static_cast<char>(random() % 2 == 0 ? random() : random() % 128);
    const double value = std::bit_cast<double>(random());
    std::string out;
    JsonWriter(out).open_object().name(bytes).text(bytes).name("number").number(value).close_object();
    const auto document = JsonDocument::parse(out);
    ASSERT_TRUE(document) << out;
    const auto members = document->root().members();
    if (is_utf8(bytes)) {
      EXPECT_EQ(members[0].first, bytes);
      EXPECT_EQ(members[0].second.text(), bytes);
    }
    EXPECT_EQ(members[1].second.integer(), std::nullopt) << out;
    if (std::isfinite(value)) {
      EXPECT_EQ(members[1].second.number(), value) << out;
    }
  }
}

}  // namespace
}  // namespace lernd
