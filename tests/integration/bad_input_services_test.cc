#include <gtest/gtest.h>

#include "integration/bad_input.h"
#include "support/seed.h"

namespace lernd {
namespace {

TEST(BadInputOnKafka, IsCountedKeptAndPassed) {
  ReconciliationWorld world(test_seed(), {.learners = 20, .requests = 60, .first = bad_records()});
  expect_bad_records_are_kept(world);
}

}  // namespace
}  // namespace lernd
