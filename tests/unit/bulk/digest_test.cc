#include "bulk/digest.h"

#include <gtest/gtest.h>

namespace lernd::bulk {
namespace {

TEST(BulkDigest, IsSha256) {
  Sha256 whole;
  whole.add("abc");
  EXPECT_EQ(whole.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 pieces;
  pieces.add("a");
  pieces.add("");
  pieces.add("bc");
  EXPECT_EQ(pieces.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace lernd::bulk
