#include "core/md5.h"

#include <gtest/gtest.h>

namespace lernd {
namespace {

// The vectors of RFC 1321, in upper case.
TEST(Md5, OfKnownTexts) {
  EXPECT_EQ(md5_hex(""), "D41D8CD98F00B204E9800998ECF8427E");
  EXPECT_EQ(md5_hex("a"), "0CC175B9C0F1B6A831C399E269772661");
  EXPECT_EQ(md5_hex("message digest"), "F96B697D7CB7938D525A2F31AAF161D0");
  EXPECT_EQ(md5_hex("12345678901234567890123456789012345678901234567890123456789012345678901234567890"), "57EDF4A22BE3C955AC49DA2E2107B67A");
}

TEST(Md5, TakesBytesAsTheyAre) {
  EXPECT_EQ(md5_hex("é"), "66DDCD97CFDEABB2F6FB8A999B4BC76F");
  EXPECT_NE(md5_hex(std::string_view("a\0b", 3)), md5_hex("a"));
}

}  // namespace
}  // namespace lernd
