#include "app/line_log.h"

#include <gtest/gtest.h>

#include <vector>

namespace lernd {
namespace {

TEST(LineLogTest, JsonLinesEscapeWhatTheyHold) {
  EXPECT_EQ(log_line(LogFormat::json, LogLevel::warning, 1683556693275, "a \"quoted\"\nword", std::vector<LogField>{{"option", "x\\y"}}),
            R"({"time":"2023-05-08T14:38:13.275Z","level":"warning","message":"a \"quoted\"\nword","option":"x\\y"})");
}

TEST(LineLogTest, TextLinesAreForPeople) {
  EXPECT_EQ(log_line(LogFormat::text, LogLevel::info, 1683556693005, "started", std::vector<LogField>{{"job", "a"}, {"workers", "2"}}),
            "14:38:13.005 info    started  job=a  workers=2");
}

}  // namespace
}  // namespace lernd
