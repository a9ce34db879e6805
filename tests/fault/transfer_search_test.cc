// user-ownership-transfer while the course service pages wrongly, or answers nothing that can be used.
#include <gtest/gtest.h>

#include "fault/transfer_watch.h"
#include "support/seed.h"

namespace lernd {
namespace {

constexpr std::size_t kBatches = 95;  ///< four pages
constexpr const char* kShort = "the search for course batches counts more than it lists";

struct SearchFault {
  const char* name;
  BatchSearch how;
  bool all;   ///< it lists every batch nevertheless
  bool told;  ///< the log says that it does not list what it counts
};

/// A course service that pages wrongly. What it lists is handed over in table and index; of the rest the log tells, and the event handed in again brings it.
class TransferSearchPages : public testing::TestWithParam<SearchFault> {};

TEST_P(TransferSearchPages, HandOverWhatTheyListAndTellOfTheRest) {
  TransferWorld world(large_plot(kBatches));
  world.partners().search(GetParam().how);
  auto first = world.start();
  ASSERT_NO_FATAL_FAILURE(expect_done(world, first));
  EXPECT_EQ(world.found().torn(), std::vector<std::string>());
  EXPECT_EQ(first.err().contains(kShort), GetParam().told) << first.err();
  if (GetParam().all) {
    expect_same(world.found(), world.expected());
  } else {
    EXPECT_NE(world.found().rows, world.expected().rows);
  }
  world.partners().search(BatchSearch::well);
  world.produce();
  auto second = world.start();
  expect_undisturbed(world, second);
  EXPECT_FALSE(second.err().contains(kShort));
}

INSTANTIATE_TEST_SUITE_P(Faults, TransferSearchPages,
                         testing::Values(SearchFault{"short_pages", BatchSearch::short_pages, true, false},
                                         SearchFault{"counts_more", BatchSearch::counts_more, true, true},
                                         SearchFault{"empty_page", BatchSearch::empty_page, false, true},
                                         SearchFault{"repeats", BatchSearch::repeats, false, true}, SearchFault{"reorders", BatchSearch::reorders, false, true},
                                         SearchFault{"total_shrinks", BatchSearch::total_shrinks, true, false},
                                         SearchFault{"total_grows", BatchSearch::total_grows, true, false}),
                         [](const auto& info) { return std::string(info.param.name); });

/// The shipped parallelism: one event at a time, so that one call is all that asks the service.
TEST(TransferSearchAway, IsWaitedForAndNothingIsTorn) {
  TransferWorld world(random_plot(test_seed(), 30, 250, 60), {.parallelism = 1});
  auto process = world.start();
  const AdminClient admin(process);
  ASSERT_TRUE(world.await_updates(process, 3));
  world.partners().search(BatchSearch::unavailable);
  ASSERT_NO_FATAL_FAILURE(expect_waits(process, admin, "left alone"));
  world.partners().search(BatchSearch::well);
  expect_undisturbed(world, process);
}

class TransferSearchFails : public testing::TestWithParam<SearchFault> {};

TEST_P(TransferSearchFails, IsWaitedForAndNothingIsTorn) {
  // What fails in this way may be the event's own fault, so where it stands alone only its attempts bound how long it is waited for.
  TransferWorld world(random_plot(test_seed(), 30, 250, 100), {.attempts = 1000});
  auto process = world.start();
  const AdminClient admin(process);
  ASSERT_TRUE(world.await_updates(process, 3));
  world.partners().search(GetParam().how);
  ASSERT_NO_FATAL_FAILURE(expect_waits(process, admin, "answer"));
  world.partners().search(BatchSearch::well);
  expect_undisturbed(world, process);
}

INSTANTIATE_TEST_SUITE_P(Faults, TransferSearchFails,
                         testing::Values(SearchFault{"broken", BatchSearch::broken, false, false}, SearchFault{"garbage", BatchSearch::garbage, false, false}),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace lernd
