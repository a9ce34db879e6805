#include "app/log.h"

#include <gtest/gtest.h>

namespace lernd {
namespace {

TEST(LogTest, JsonLinesEscapeWhatTheyHold) {
  EXPECT_EQ(log_line(LogFormat::json, LogLevel::warn, 1683556693275, "a \"quoted\"\nword", {{"option", "x\\y"}}),
            R"({"time":"2023-05-08T14:38:13.275Z","level":"warn","message":"a \"quoted\"\nword","option":"x\\y"})");
}

TEST(LogTest, TextLinesAreForPeople) {
  EXPECT_EQ(log_line(LogFormat::text, LogLevel::info, 1683556693005, "started", {{"job", "a"}, {"workers", "2"}}),
            "14:38:13.005 info  started  job=a  workers=2");
}

}  // namespace
}  // namespace lernd
