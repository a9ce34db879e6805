#include "integration/course_family/family_test.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "support/seed.h"

namespace lernd::family {
namespace {

using namespace std::chrono_literals;

constexpr int kKillsMax = 3;
constexpr auto kRunLimit = 180s;

/// Puts the messages of all histories together as they come in by chance; those of one history stay in their order.
std::vector<Message> shuffled(std::vector<std::vector<Message>> histories, std::mt19937_64& random) {
  std::vector<std::size_t> turns;
  for (std::size_t h = 0; h < histories.size(); ++h) turns.insert(turns.end(), histories[h].size(), h);
  std::ranges::shuffle(turns, random);
  std::vector<std::size_t> next(histories.size());
  std::vector<Message> all;
  for (const std::size_t h : turns) all.push_back(std::move(histories[h][next[h]++]));
  return all;
}

/// Kills some processes at random times, and lets the last one reach the end.
void run_to_the_end(const World& world, int kills, std::mt19937_64& random) {
  for (; kills > 0; --kills) {
    auto process = world.start();
    process.wait(std::chrono::milliseconds(100 + random() % 2500));
    process.kill();
  }
  auto last = world.start();
  ASSERT_EQ(last.wait(kRunLimit), 0) << last.err();
}

}  // namespace

void expect_histories_to_end_as_the_model_says(Backend backend, std::size_t count) {
  std::mt19937_64 random(test_seed());
  World world(backend);
  std::vector<History> histories;
  std::vector<State> models;
  std::vector<Course> courses;
  State start;
  for (std::size_t i = 0; i < count; ++i) {
    histories.emplace_back(fmt::format("h{}", i), random);
    models.push_back(histories.back().start());
    start.add(models.back());
    courses.insert(courses.end(), histories.back().courses().begin(), histories.back().courses().end());
  }
  world.write(start, courses);

  for (int phase = 0; phase < History::kPhases; ++phase) {
    std::vector<std::vector<Message>> messages;
    courses.clear();
    for (std::size_t i = 0; i < count; ++i) {
      messages.push_back(histories[i].phase(phase, models[i], random));
      courses.insert(courses.end(), histories[i].courses().begin(), histories[i].courses().end());
    }
    world.write({}, courses);
    world.produce(shuffled(std::move(messages), random));
    ASSERT_NO_FATAL_FAILURE(run_to_the_end(world, 1 + static_cast<int>(random() % kKillsMax), random));
    // What merges ask of reconciliation came after the start of that run.
    ASSERT_NO_FATAL_FAILURE(run_to_the_end(world, 0, random));

    State expected;
    for (const State& model : models) expected.add(model);
    ASSERT_EQ(difference(world.state(), expected), "") << "after phase " << phase;
  }
  EXPECT_EQ(world.failures(), std::vector<std::string>());
}

}  // namespace lernd::family
