#include "jobs/id_line.h"

#include <gtest/gtest.h>

#include "core/json.h"

namespace lernd {
namespace {

TEST(IdLine, NamesAndValuesInTheOrderOfTheCalls) {
  EXPECT_EQ(IdLine().text(), "");
  EXPECT_EQ(IdLine().add("mid", "LP.1.a-b_c").add("n", 3).add("table", "createdby,mentors").text(), "mid=LP.1.a-b_c n=3 table=createdby,mentors");
}

TEST(IdLine, WhatIsNoIdStandsInQuotes) {
  EXPECT_EQ(IdLine().add("context", "User Deletion").text(), R"(context="User Deletion")");
  EXPECT_EQ(IdLine().add("a", "").text(), R"(a="")");
  EXPECT_EQ(IdLine().add("a", "x=y").text(), R"(a="x=y")");
  EXPECT_EQ(IdLine().add("a", "x\n\"level\": \x1b[31m").text(), R"(a="x\n\"level\": \u001b[31m")");
  EXPECT_EQ(IdLine().add("a", "é").text(), R"(a="é")");
}

TEST(IdLine, OnlyTheBeginningOfALongValue) {
  const std::string long_id(201, 'x');
  EXPECT_EQ(IdLine().add("a", std::string(200, 'x')).text(), "a=" + std::string(200, 'x'));
  EXPECT_EQ(IdLine().add("a", long_id).text(), "a=\"" + std::string(200, 'x') + '"');
  const std::string cut = IdLine().add("a", std::string(199, 'x') + "éé").text();
  EXPECT_EQ(cut, "a=\"" + std::string(199, 'x') + '"') << "between two characters";
  EXPECT_TRUE(is_utf8(IdLine().add("a", std::string("\xff\xfe")).text()));
}

}  // namespace
}  // namespace lernd
