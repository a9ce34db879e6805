#include "core/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace lernd {
namespace {

JsonDocument parsed(std::string_view text) {
  auto document = JsonDocument::parse(text);
  EXPECT_TRUE(document) << text << ": " << document.error().text;
  return document ? *std::move(document) : *JsonDocument::parse("null");
}

std::string text_of(std::string_view json) { return std::string(parsed(json).root().text().value_or("(no text)")); }

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Json, ReadsEveryKindOfValue) {
  const auto document = parsed(R"({"object":{"a":1},"array":[1,"two",null],"text":"t","integer":-7,"number":0.5,"yes":true,"no":false,"null":null})");
  const JsonView root = document.root();
  EXPECT_TRUE(root.is_object());
  EXPECT_EQ(root.find("object")->find("a")->integer(), 1);
  EXPECT_TRUE(root.find("array")->is_array());
  ASSERT_EQ(root.find("array")->items().size(), 3u);
  EXPECT_EQ(root.find("array")->items()[1].text(), "two");
  EXPECT_EQ(root.find("text")->text(), "t");
  EXPECT_EQ(root.find("integer")->integer(), -7);
  EXPECT_EQ(root.find("number")->number(), 0.5);
  EXPECT_EQ(root.find("yes")->boolean(), true);
  EXPECT_EQ(root.find("no")->boolean(), false);
  EXPECT_TRUE(root.find("null")->is_null());
  EXPECT_EQ(root.members().size(), 8u);
  EXPECT_EQ(root.members().front().first, "object");
}

TEST(Json, AnotherTypeThanAskedForIsNothing) {
  const auto document = parsed(R"(["1",1.0,{}])");
  const auto items = document.root().items();
  EXPECT_EQ(items[0].integer(), std::nullopt);
  EXPECT_EQ(items[0].number(), std::nullopt);
  EXPECT_EQ(items[0].find("a"), std::nullopt);
  EXPECT_EQ(items[0].is_object() || items[0].is_array() || items[0].is_null(), false);
  EXPECT_EQ(items[1].integer(), std::nullopt) << "a number written with a point is no integer";
  EXPECT_EQ(items[1].number(), 1.0);
  EXPECT_EQ(items[1].text(), std::nullopt);
  EXPECT_EQ(items[1].boolean(), std::nullopt);
  EXPECT_TRUE(items[2].items().empty());
  EXPECT_TRUE(document.root().members().empty());
}

TEST(Json, DefaultViewIsNull) {
  const JsonView view;
  EXPECT_TRUE(view.is_null());
  EXPECT_EQ(view.find("a"), std::nullopt);
  EXPECT_EQ(view.text(), std::nullopt);
  EXPECT_TRUE(view.items().empty());
  EXPECT_TRUE(view.members().empty());
}

TEST(Json, OfARepeatedNameTheLastCounts) {
  const auto document = parsed(R"({"a":1,"b":2,"a":"last","\u0062":3})");
  EXPECT_EQ(document.root().find("a")->text(), "last");
  EXPECT_EQ(document.root().find("b")->integer(), 3);
  EXPECT_EQ(document.root().members().size(), 4u);
}

TEST(Json, ToleratesOneByteOrderMark) {
  EXPECT_EQ(parsed("\xef\xbb\xbf{\"a\":1}").root().find("a")->integer(), 1);
  EXPECT_FALSE(JsonDocument::parse("\xef\xbb\xbf\xef\xbb\xbf{}"));
  EXPECT_FALSE(JsonDocument::parse("\xef\xbb\xbf"));
}

TEST(Json, KnownEscapes) { EXPECT_EQ(text_of(R"("\"\\\/\b\f\n\r\t\u0041\ud83d\ude00")"), "\"\\/\b\f\n\r\tA\xf0\x9f\x98\x80"); }

TEST(Json, ABackslashBeforeAnyOtherCharacterIsThatCharacter) {
  EXPECT_EQ(text_of(R"("\'\x\é\U")"), "'xéU");
  EXPECT_EQ(text_of("\"\\\n\\\x01\""), "\n\x01");
  EXPECT_EQ(text_of(R"("\x\\x\\\'\n")"), "x\\x\\'\n") << "known escapes beside unknown ones stay escapes";
  EXPECT_EQ(parsed(R"({"\a":"\q\""})").root().find("a")->text(), "q\"") << "also in names";
}

TEST(Json, HalfASurrogatePairIsTheReplacementCharacter) {
  EXPECT_EQ(text_of(R"("\ud83d")"), "\xef\xbf\xbd");
  EXPECT_EQ(text_of(R"("\ude00x")"), "\xef\xbf\xbdx");
  EXPECT_EQ(text_of(R"("\ud83d\ud83d\ude00")"), "\xef\xbf\xbd\xf0\x9f\x98\x80");
  EXPECT_EQ(text_of(R"("\ud83d\n")"), "\xef\xbf\xbd\n");
}

TEST(Json, NumbersOfAnySizeAreNumbers) {
  const auto document = parsed(R"([9223372036854775807,-9223372036854775808,18446744073709551615,18446744073709551616,-9223372036854775809])");
  const auto items = document.root().items();
  EXPECT_EQ(items[0].integer(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(items[1].integer(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(items[2].integer(), std::nullopt);
  EXPECT_EQ(items[2].number(), 18446744073709551615.0);
  EXPECT_EQ(items[3].integer(), std::nullopt);
  EXPECT_EQ(items[3].number(), 18446744073709551616.0);
  EXPECT_EQ(items[4].number(), -9223372036854775809.0);
}

TEST(Json, NumbersBeyondTheFloatingRange) {
  constexpr double kMax = std::numeric_limits<double>::max();
  const auto number = [](const std::string& text) { return parsed("[" + text + "]").root().items()[0].number(); };
  EXPECT_EQ(number("1e999"), kMax);
  EXPECT_EQ(number("-1E+999"), -kMax);
  EXPECT_EQ(number("1e99999999999999999999"), kMax);
  EXPECT_EQ(number("1" + std::string(400, '0')), kMax);
  EXPECT_EQ(number("0.001e400"), kMax);
  EXPECT_EQ(number("1e-999"), 0.0);
  EXPECT_EQ(number("100e-999,1e999"), 0.0) << "too small is not taken for too large";
  EXPECT_EQ(number("0.01e-999,1e999"), 0.0);
  EXPECT_EQ(number("0e999"), 0.0);
}

TEST(Json, LeniencyDoesNotMakeJsonOfWhatIsNone) {
  for (const auto* text :
       {R"(["\x",01])", R"(["\x",01e999])", R"(["\x",1.])", R"(["\x",.5])", R"(["\x",1e])", R"(["\x",+1])", R"(["\x",-])", R"(["\x",1e+-5])", R"(["\x")",
        R"("\x)", R"("\x\)", R"("\u12")", R"("\u12xz")", R"("\u\0041")", R"("\x\u\d83d")", R"(["\x",1 2])", "[\"\\x\",\"raw\nline\"]"}) {
    EXPECT_FALSE(JsonDocument::parse(text)) << text;
  }
}

TEST(Json, WhatIsNoJsonIsSkippedWithoutQuotingIt) {
  for (const std::string text : {"", " ", "secret", "{", R"({"secret":)", R"({"secret")", "[1,]", "{} secret", R"("secret\)", R"({"secret":tru})", "nul"}) {
    const auto document = JsonDocument::parse(text);
    ASSERT_FALSE(document) << text;
    EXPECT_EQ(document.error().treatment, Treatment::skip);
    EXPECT_EQ(document.error().code, ErrorCode::malformed_record);
    EXPECT_EQ(document.error().text.find("secret"), std::string::npos) << document.error().text;
  }
}

TEST(Json, EveryTruncationOfARecordIsRefused) {
  const std::string whole = R"({"edata":{"action":"user-enrolment-sync","n":[1,2.5,true,null,"\u00e9"]}})";
  ASSERT_TRUE(JsonDocument::parse(whole));
  for (std::size_t length = 0; length < whole.size(); ++length) EXPECT_FALSE(JsonDocument::parse(whole.substr(0, length))) << length;
}

TEST(Json, BytesThatAreNotUtf8AreRefused) {
  for (const std::string bytes : {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\x80"}) {
    EXPECT_FALSE(JsonDocument::parse("{\"a\":\"" + bytes + "\"}"));
    EXPECT_FALSE(JsonDocument::parse("{\"a\":\"\\x" + bytes + "\"}"));
  }
}

TEST(Json, DepthIsBounded) {
  EXPECT_TRUE(JsonDocument::parse(nested(512)));
  EXPECT_FALSE(JsonDocument::parse(nested(513)));
  EXPECT_FALSE(JsonDocument::parse(nested(1'000'000)));
  EXPECT_FALSE(JsonDocument::parse(std::string(1'000'000, '[')));
  EXPECT_TRUE(JsonDocument::parse("1")) << "the parser is of use after a refusal";
}

TEST(Json, CompactKeepsWhatIsThere) {
  for (const std::string text : {"null", "true", "[]", "{}", R"("")", "[[],{},[{}]]", R"({"z":1,"a":{"y":[1,-2,0.5,1.0],"b":null},"z":2})",
                                 "18446744073709551615", "-9223372036854775808", R"(["Pythagoras’ “theorem” a/b","\"\\","é😀"])"}) {
    EXPECT_EQ(parsed(text).root().compact(), text);
  }
  EXPECT_EQ(JsonView().compact(), "null");
}

TEST(Json, CompactLeavesOutBlanksAndNeedlessEscapes) {
  EXPECT_EQ(parsed(" { \"a\" : [ 1 , 2 ] ,\n\t\"b\":\"x\" } ").root().compact(), R"({"a":[1,2],"b":"x"})");
  EXPECT_EQ(parsed(R"(["a\/b","\u0041\u00e9\ud83d\ude00","\n\u0001\'"])").root().compact(), "[\"a/b\",\"Aé😀\",\"\\n\\u0001'\"]");
}

TEST(Json, CompactReachesAnyDepth) {
  std::string objects = "1";
  for (int depth = 0; depth < 250; ++depth) objects = R"({"id":7,"c":[)" + objects + R"(],"t":"x"})";
  for (const std::string& text : {nested(512), objects}) EXPECT_EQ(parsed(text).root().compact(), text);
}

TEST(Json, ViewsStayValidWhileTheirDocumentDoes) {
  auto first = parsed(R"({"a":"one"})");
  const JsonView view = *first.root().find("a");
  const JsonDocument moved = std::move(first);
  const auto second = parsed(R"({"a":"two","padding":")" + std::string(100'000, 'x') + "\"}");
  EXPECT_EQ(view.text(), "one");
  EXPECT_EQ(second.root().find("a")->text(), "two");
  EXPECT_EQ(moved.root().find("a")->text(), "one");
}

TEST(Json, TheFirstValueAndNothingBehindIt) {
  for (const std::string first : {R"({"a":"}\\\"]"})", "[[1],{}]"}) {
    for (const std::string tail : {"", " ;;", "}", "{\"b\":1}", "\xff"}) {
      const auto document = JsonDocument::parse_first(first + tail);
      ASSERT_TRUE(document) << first << tail;
      EXPECT_EQ(document->root().compact(), JsonDocument::parse(first)->root().compact());
    }
  }
  EXPECT_TRUE(JsonDocument::parse_first("\xef\xbb\xbf {} x"));
  for (const auto* text : {"", "x {}", "{", "{\"a\":1", "{] x", "1 2", "\"a\" {}", "[1,] x"}) EXPECT_FALSE(JsonDocument::parse_first(text)) << text;
}

}  // namespace
}  // namespace lernd
