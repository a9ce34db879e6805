#include "jobs/user_cache_updater/text_forms.h"

#include <gtest/gtest.h>

namespace lernd::user_cache_updater {
namespace {

std::string list_of(std::string_view json) {
  const auto document = JsonDocument::parse(json);
  EXPECT_TRUE(document) << json;
  const auto elements = elements_of(document->root());
  return elements ? list_text(*elements) : "(none)";
}

std::string objects_of(std::string_view json) {
  const auto document = JsonDocument::parse(json);
  EXPECT_TRUE(document) << json;
  return objects_text(document->root().items());
}

TEST(TextForms, BracketsOfATextAreEscaped) {
  EXPECT_EQ(plain_text(""), "");
  EXPECT_EQ(plain_text("[a]]\\ {b} \"c\""), "\\[a\\]\\]\\ {b} \"c\"");
}

TEST(TextForms, NumbersInFloatingNotation) {
  const std::vector<std::pair<double, std::string>> cases = {
      {1, "1.0"},           {0, "0.0"},       {-2, "-2.0"},     {0.5, "0.5"},           {9999999, "9999999.0"}, {1e7, "1.0E7"},
      {1.25e20, "1.25E20"}, {0.001, "0.001"}, {1e-4, "1.0E-4"}, {-1.5e-10, "-1.5E-10"}, {1e100, "1.0E100"}};
  for (const auto& [number, text] : cases) EXPECT_EQ(floating_text(number), text);
}

TEST(TextForms, ListsAreCompactJsonWithTheirEscapes) {
  EXPECT_EQ(list_of("[]"), "[]");
  EXPECT_EQ(list_of(R"(["a", "b/é अ [x]"])"), R"(["a","b/é अ [x]"])");
  EXPECT_EQ(list_of(R"(["\"\\\t\b\n\r\f\u0001\u001f\u007f"])"), "[\"\\\"\\\\\\t\\b\\n\\r\\f\\u0001\\u001f\x7f\"]");
  EXPECT_EQ(list_of(R"(["<>&='"])"), R"(["\u003c\u003e\u0026\u003d\u0027"])");
  EXPECT_EQ(list_of("[\"a\u2028b\u2029c\u2030\"]"), "[\"a\\u2028b\\u2029c\u2030\"]");
}

TEST(TextForms, ElementsThatAreNoTexts) {
  EXPECT_EQ(list_of(R"([null, 5, 2.5, true, false, {"a":1}, ["b"], "c"])"), R"([null,"5.0","2.5","true","false","c"])");
}

TEST(TextForms, ASingleTextIsAListOfIt) {
  EXPECT_EQ(list_of(R"("a")"), R"(["a"])");
  for (const char* other : {"null", "7", "true", "{}"}) EXPECT_EQ(list_of(other), "(none)") << other;
}

TEST(TextForms, ObjectsHaveSubTypeAndTypeFirst) {
  EXPECT_EQ(objects_of(R"([{"type":"t","more":"m","subType":"s"},null,{"type":"a&b"},{}])"),
            R"([{"subType":"s","type":"t","more":"m"},null,{"type":"a\u0026b"},{}])");
  EXPECT_EQ(objects_of(R"([{"type":null,"subType":7,"more":[],"x":"1","x":"2"}])"), R"([{"x":"2"}])");
}

}  // namespace
}  // namespace lernd::user_cache_updater
