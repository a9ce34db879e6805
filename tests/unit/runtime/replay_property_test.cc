#include <random>

#include "support/seed.h"
#include "world.h"

namespace lernd {
namespace {

std::vector<std::string> random_records(std::mt19937_64& random) {
  std::vector<std::string> records;
  const std::size_t count = 1 + random() % 40;
  for (std::size_t i = 0; i < count; ++i) {
    const char account = static_cast<char>('a' + random() % 6);
    switch (random() % 12) {
      case 0:
        records.push_back(fmt::format("{} bad", account));
        break;
      case 1:
        records.emplace_back("nonsense");
        break;
      case 2:
        records.push_back(fmt::format("{} tell", account));
        break;
      default:
        records.push_back(fmt::format("{} {}", account, random() % 100));
    }
  }
  return records;
}

struct Outcome {
  Rows sums;
  std::vector<std::vector<std::string>> topics;
  bool operator==(const Outcome&) const = default;
};

Outcome outcome_of(World& world) { return {world.rows(ToyJob::kTable), {world.values("sums"), world.values("failed"), world.values("dlq")}}; }

/// A history with deaths must end as one without: tables, outputs and their order. Each run dies up to four times, anywhere in the calls that change something.
TEST(Replay, DeathsAnywhereChangeNothing) {
  constexpr int kHistories = 400;
  const auto seed = test_seed();
  int deaths = 0;
  for (int history = 0; history < kHistories; ++history) {
    SCOPED_TRACE(fmt::format("seed {} history {}", seed, history));
    std::mt19937_64 random(seed + static_cast<std::uint64_t>(history));
    const auto records = random_records(random);
    const bool folds = random() % 2 == 0;
    const ToyJob job(folds);
    const std::size_t poll_records = 1 + random() % 20;

    World calm;
    calm.options.poll.records = poll_records;
    calm.produce(records);
    ASSERT_TRUE(calm.live(job).has_value());
    ASSERT_TRUE(calm.rows({"toy", "journal"}).empty());

    World world;
    world.options.poll.records = poll_records;
    world.commits_beside = random() % 2 == 0;
    world.produce(records);
    for (std::uint64_t lives = random() % 4; lives > 0; --lives) {
      const Death death{.calls_left = static_cast<int>(random() % 30), .when = static_cast<Death::When>(random() % 3)};
      if (!world.live(job, death, 0, static_cast<int>(random() % 3)).has_value()) ++deaths;
      // The next life need not cut its batches where the last one did.
      world.options.poll.records = 1 + random() % 20;
    }
    ASSERT_TRUE(world.live(job, {}, 0, static_cast<int>(random() % 3)).has_value());
    ASSERT_EQ(world.rows(ToyJob::kTable), calm.rows(ToyJob::kTable));
    // How records fold depends on where batches are cut, and with it the intermediate sums; without folding the outputs are the same one by one.
    if (!folds) {
      ASSERT_EQ(outcome_of(world), outcome_of(calm));
    }
  }
  EXPECT_GT(deaths, kHistories / 4) << "too few deaths to prove anything";
}

}  // namespace
}  // namespace lernd
