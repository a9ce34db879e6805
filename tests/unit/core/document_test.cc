#include "core/document.h"

#include <gtest/gtest.h>

namespace lernd {
namespace {

std::string changed(std::string_view source, std::vector<std::string> distinct = {"mentors"}) {
  return changed_fields(source, {.document = {"batch", "b1"}, .from = "FROM", .to = "TO", .distinct = std::move(distinct)});
}

TEST(ChangedFields, AreThoseWithATextThatEqualsTheFormerOne) {
  EXPECT_EQ(changed(R"({"createdBy":"FROM","name":"FROM and more","id":"b1","status":1})"), R"({"createdBy":"TO"})");
  EXPECT_EQ(changed(R"({"a":{"b":[1,{"c":"FROM"}],"d":null},"e":"x"})"), R"({"a":{"b":[1,{"c":"TO"}],"d":null}})");
}

TEST(ChangedFields, LeaveNamesNumbersAndPartsOfTextsAlone) {
  EXPECT_EQ(changed(R"({"FROM":"x","n":12345678901234567890,"t":"xFROM","u":"from"})"), "");
  EXPECT_EQ(changed(R"({"list":["FROM",1.5,12345678901234567890]})"), R"({"list":["TO",1.5,12345678901234567890]})");
}

TEST(ChangedFields, KeepOnlyTheFirstOfDistinctTexts) {
  EXPECT_EQ(changed(R"({"mentors":["a","FROM","b"]})"), R"({"mentors":["a","TO","b"]})");
  EXPECT_EQ(changed(R"({"mentors":["TO","a","FROM"]})"), R"({"mentors":["TO","a"]})");
  EXPECT_EQ(changed(R"({"mentors":["FROM","FROM"]})"), R"({"mentors":["TO"]})");
  EXPECT_EQ(changed(R"({"mentors":["a","a","FROM"]})"), R"({"mentors":["a","a","TO"]})");
  EXPECT_EQ(changed(R"({"others":["FROM","FROM"]})"), R"({"others":["TO","TO"]})");
  EXPECT_EQ(changed(R"({"mentors":{"mentors":["FROM","FROM"]}})"), R"({"mentors":{"mentors":["TO","TO"]}})");
}

TEST(ChangedFields, AreNoneTheSecondTime) {
  const std::string source = R"({"createdBy":"FROM","mentors":["TO","x","FROM"]})";
  EXPECT_EQ(changed(source), R"({"createdBy":"TO","mentors":["TO","x"]})");
  EXPECT_EQ(changed(changed(source)), "");
}

TEST(ChangedFields, AreNoneOfTheSameTextAndOfWhatIsNoObject) {
  EXPECT_EQ(changed_fields(R"({"a":"X","mentors":["X"]})", {.document = {}, .from = "X", .to = "X", .distinct = {"mentors"}}), "");
  for (const char* source : {"", "[]", "\"FROM\"", "{", "null"}) EXPECT_EQ(changed(source), "") << source;
}

TEST(ChangedFields, EscapeWhatMustBe) {
  const DocumentWrite write{.document = {}, .from = "a\"b\n", .to = "\\\"अ"};
  EXPECT_EQ(changed_fields(R"({"by":"a\"b\n"})", write), R"({"by":"\\\"अ"})");
}

}  // namespace
}  // namespace lernd
