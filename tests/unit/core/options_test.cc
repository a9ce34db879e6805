#include "core/options.h"

#include <gtest/gtest.h>

namespace lernd {
namespace {

OptionValues values() {
  OptionValues values;
  values.set("kafka.groupId", "g");
  values.set("count", "-12");
  values.set("ratio", "0.5");
  values.set("on", "true");
  values.set("off", "false");
  return values;
}

std::vector<std::string> list_of(std::string text) {
  OptionValues values;
  values.set("list", std::move(text));
  return values.list("list");
}

TEST(OptionValues, AreReadByType) {
  EXPECT_EQ(values().text("kafka.groupId"), "g");
  EXPECT_EQ(values().integer("count"), -12);
  EXPECT_EQ(values().number("ratio"), 0.5);
  EXPECT_EQ(values().number("count"), -12.0);
  EXPECT_TRUE(values().boolean("on"));
  EXPECT_FALSE(values().boolean("off"));
}

TEST(OptionValues, TheLastSettingCounts) {
  auto changed = values();
  changed.set("kafka.groupId", "h");
  EXPECT_EQ(changed.text("kafka.groupId"), "h");
  EXPECT_EQ(changed.all().size(), values().all().size());
}

TEST(OptionValues, ListsAreSeparatedByCommas) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(list_of("a,b"), (Texts{"a", "b"}));
  EXPECT_EQ(list_of("  host one:9042 ,\thost2 "), (Texts{"host one:9042", "host2"}));
  EXPECT_EQ(list_of("single"), Texts{"single"});
  EXPECT_EQ(list_of(",a,,b,"), (Texts{"a", "b"}));
  EXPECT_EQ(list_of(""), Texts{});
  EXPECT_EQ(list_of(" , "), Texts{});
}

TEST(OptionValues, BelowAPrefixOnly) {
  OptionValues values;
  values.set("kafka.client.linger.ms", "5");
  values.set("kafka.client.acks", "all");
  values.set("kafka.client", "x");
  values.set("kafka.clients.other", "y");
  values.set("kafka.client2.other", "z");
  EXPECT_EQ(values.below("kafka.client"), (std::map<std::string, std::string>{{"acks", "all"}, {"linger.ms", "5"}}));
  EXPECT_TRUE(values.below("redis").empty());
}

}  // namespace
}  // namespace lernd
