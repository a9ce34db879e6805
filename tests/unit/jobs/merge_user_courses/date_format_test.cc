#include "jobs/merge_user_courses/date_format.h"

#include <gtest/gtest.h>

namespace lernd::merge_user_courses {
namespace {

constexpr const char* kDefault = "yyyy-MM-dd HH:mm:ss:SSSZ";

/// Milliseconds since the epoch; nothing for an unreadable text.
std::optional<std::int64_t> read(const std::string& text, const char* pattern = kDefault) {
  const auto format = DateFormat::compile(pattern);
  EXPECT_TRUE(format) << pattern;
  const auto time = format->read(text);
  return time ? std::optional(time->ms) : std::nullopt;
}

struct Reading {
  const char* text;
  std::int64_t ms;
};

TEST(DateFormat, ReadsTheTextsOfTheSpecification) {
  const Reading readings[] = {
      {"2022-02-21 11:24:43:853+0530", 1645422883853},
      {"2022-02-21 11:24:43:85+0530", 1645422883085},
      {"2022-2-3 1:2:3:4+0000", 1643850123004},
      {"2022-02-30 00:00:00:000+0000", 1646179200000},
      {"2022-13-45 25:61:61:1000+0000", 1676426522000},
      {"2022-02-21 11:24:43:853+0530 (IST)", 1645422883853},
      {"2022-02-21 11:24:43:853GMT+05:30", 1645422883853},
      {"2022-02-21 05:54:43:853UTC", 1645422883853},
      {"2022-02-21 05:54:43:853GMT", 1645422883853},
      {"2022-02-21 11:24:43:853-0800", 1645471483853},
  };
  for (const auto& [text, ms] : readings) EXPECT_EQ(read(text), ms) << text;
}

TEST(DateFormat, PassesOverBlanksBeforeNumbersAndOffsets) {
  for (const char* text : {" 2022-02-21 11:24:43:853+0530", "2022- 02-\t21  11: 24:43: 853 +0530", "2022-02-21 11:24:43:853\t \t+0530"}) {
    EXPECT_EQ(read(text), 1645422883853) << text;
  }
}

TEST(DateFormat, RollsFieldsOver) {
  const Reading readings[] = {
      {"2022-00-01 00:00:00:000+0000", 1638316800000},  // December of the year before
      {"2022-03-00 00:00:00:000+0000", 1646006400000},  // the last of February
      {"2024-02-29 00:00:00:000+0000", 1709164800000},
      {"2023-02-29 00:00:00:000+0000", 1677628800000},  // the first of March
      {"1970-01-01 00:00:00:-1+0000", -1},
      {"2022-25-01 00:00:00:000+0000", 1704067200000},  // January, two years on
      {"1969-12-31 24:00:00:000+0000", 0},
      {"2000-03-01 00:00:00:000+0000", 951868800000},
      {"1900-03-01 00:00:00:000+0000", -2203891200000},
      {"2022-01-01 00:00:00:999999999999999999999+0000", 1640995200000 + 2147483647},
  };
  for (const auto& [text, ms] : readings) EXPECT_EQ(read(text), ms) << text;
}

TEST(DateFormat, ZonesOfSeveralForms) {
  const std::string local = "1970-01-01 00:00:00:000";
  const Reading zones[] = {{"+0000", 0},           {"-0000", 0},           {"+2359", -86340000}, {"-0100", 3600000}, {"gmt", 0},           {"Utc", 0},
                           {"GMT+1:00", -3600000}, {"GMT-01:30", 5400000}, {"UTC+05:30", 0},     {"GMT rest", 0},    {"+05305", -19800000}};
  for (const auto& [zone, ms] : zones) EXPECT_EQ(read(local + zone), ms) << zone;
}

TEST(DateFormat, UnreadableTexts) {
  for (const char* text : {"",
                           " ",
                           "yesterday",
                           "2022-02-21",
                           "2022-02-21 11:24:43:853",
                           "2022-02-21 11:24:43:853Z",
                           "2022-02-21 11:24:43:853+05:30",
                           "2022-02-21 11:24:43:853+05",
                           "2022-02-21 11:24:43:853+053",
                           "2022-02-21 11:24:43:853+2400",
                           "2022-02-21 11:24:43:853+0560",
                           "2022-02-21T11:24:43:853+0530",
                           "2022-02-21 11:24:43.853+0530",
                           "2022/02/21 11:24:43:853+0530",
                           "2022-02-21  :24:43:853+0530",
                           "2022 -02-21 11:24:43:853+0530",
                           "2022-02-21 11:24:43:853GMT+0530",
                           "2022-02-21 11:24:43:853GMT+",
                           "2022-02-21 11:24:43:-+0530",
                           "--02-21 11:24:43:853+0530",
                           "2022-02-21 11:24:43:853XYZ",
                           "2022-02-21 11:24:43:",
                           "2022-02-21 11:24:43:853+"}) {
    EXPECT_EQ(read(text), std::nullopt) << text;
  }
}

TEST(DateFormat, OtherPatterns) {
  EXPECT_EQ(read("20220221112443", "yyyyMMddHHmmss"), 1645442683000) << "fields that touch have the width of their letters";
  EXPECT_EQ(read("20220221112", "yyyyMMddHHmmss"), std::nullopt);
  EXPECT_EQ(read("2022-02-21T11:24:43", "yyyy-MM-dd'T'HH:mm:ss"), 1645442683000) << "without an offset in UTC";
  EXPECT_EQ(read("1970 o'clock", "yyyy 'o''clock'"), 0);
  EXPECT_EQ(read("1970'", "yyyy''"), 0);
  EXPECT_EQ(read("02", "MM"), 2678400000) << "what is not said is that of the epoch";
  EXPECT_EQ(read("-0100 1", "Z H"), 7200000);
  EXPECT_EQ(read("\xe0\xa4\x95 7", "\xe0\xa4\x95 S"), 7) << "literals beyond ASCII";
  EXPECT_EQ(read("2022", "yyyy "), std::nullopt);
}

TEST(DateFormat, FarYearsDoNotOverflow) {
  EXPECT_TRUE(read("99999999999999999999-01-01 00:00:00:000+0000"));
  EXPECT_LT(*read("-999999999-01-01 00:00:00:000+0000"), *read("99999999-01-01 00:00:00:000+0000"));
  EXPECT_TRUE(read("2147483647-2147483647-2147483647 2147483647:2147483647:2147483647:2147483647-2359"));
}

TEST(DateFormat, RefusesPatternsItCannotRead) {
  for (const char* pattern : {"dd MMM yyyy", "yy-MM-dd", "yyyy-MM-dd hh:mm a", "yyyy-MM-dd'T", "EEE", "yyyy-MM-ddXXX", "z"}) {
    const auto format = DateFormat::compile(pattern);
    ASSERT_FALSE(format) << pattern;
    EXPECT_EQ(format.error().code, ErrorCode::invalid_option);
  }
}

}  // namespace
}  // namespace lernd::merge_user_courses
