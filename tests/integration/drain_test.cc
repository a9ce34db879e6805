#include <gtest/gtest.h>

#include "integration/drain.h"
#include "support/seed.h"

namespace lernd {
namespace {

TEST(DrainOnAFile, LosesAndDoublesNothing) {
  ReconciliationWorld world(test_seed(), backlog(true));
  expect_drained(world);
}

}  // namespace
}  // namespace lernd
