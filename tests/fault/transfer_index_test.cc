// user-ownership-transfer while the index takes no writes, is away, or is changed by others.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <random>

#include "fault/transfer_watch.h"
#include "support/seed.h"
#include "support/services.h"

namespace lernd {
namespace {

TransferPlot plot() { return random_plot(test_seed(), 30, 250, 100); }

class TransferIndexBlocked : public testing::TestWithParam<std::tuple<const char*, const char*>> {
 protected:
  const char* setting() const { return std::get<1>(GetParam()); }

  TransferWorld world_{plot(), {.server = std::get<0>(GetParam())}};
};

TEST_P(TransferIndexBlocked, IsWaitedForAndNothingIsTorn) {
  auto process = world_.start();
  const AdminClient admin(process);
  ASSERT_TRUE(world_.await_updates(process, 3));
  world_.block(setting(), true);
  ASSERT_NO_FATAL_FAILURE(expect_waits(process, admin, "read-only"));
  EXPECT_FALSE(world_.found().torn().empty()) << "the table is ahead, or the block came too late";
  world_.block(setting(), false);
  expect_undisturbed(world_, process);
}

TEST_P(TransferIndexBlocked, WhileTheProcessIsKilledIsWaitedForAgain) {
  {
    auto process = world_.start();
    const AdminClient admin(process);
    ASSERT_TRUE(world_.await_updates(process, 3));
    world_.block(setting(), true);
    ASSERT_TRUE(wait_until([&] { return paused(admin); })) << process.err();
    process.kill();
  }
  auto process = world_.start();
  const AdminClient admin(process);
  ASSERT_NO_FATAL_FAILURE(expect_waits(process, admin, "read-only"));
  world_.block(setting(), false);
  expect_undisturbed(world_, process);
}

std::string block_name(const testing::TestParamInfo<std::tuple<const char*, const char*>>& info) {
  const std::string setting = std::get<1>(info.param);
  return fmt::format("{}_{}", std::get<0>(info.param), setting.substr(setting.rfind('.') + 1));
}

INSTANTIATE_TEST_SUITE_P(Blocks, TransferIndexBlocked,
                         testing::Combine(testing::Values("elasticsearch", "opensearch"),
                                          testing::Values("index.blocks.write", "index.blocks.read_only", "index.blocks.read_only_allow_delete")),
                         block_name);

struct GateFault {
  const char* name;
  GateState state;
};

/// Every request to the index fails in one way.
class TransferIndexBehindAFault : public testing::TestWithParam<GateFault> {};

TEST_P(TransferIndexBehindAFault, IsWaitedForAndNothingIsTorn) {
  TransferWorld world(plot());
  auto process = world.start();
  const AdminClient admin(process);
  ASSERT_TRUE(world.await_updates(process, 3));
  world.gate().set(GetParam().state);
  ASSERT_NO_FATAL_FAILURE(expect_waits(process, admin, "left alone"));
  world.gate().set(GateState::open);
  expect_undisturbed(world, process);
}

INSTANTIATE_TEST_SUITE_P(Gate, TransferIndexBehindAFault,
                         testing::Values(GateFault{"resets", GateState::resets}, GateFault{"broken", GateState::broken},
                                         GateFault{"loses_answers", GateState::loses_answers}, GateFault{"stalls", GateState::stalls}),
                         [](const auto& info) { return std::string(info.param.name); });

/// The course service searches the same index and answers 500 without it: that may be the fault of what was asked, so only the attempts bound how long an event
/// waits that is at its search.
constexpr int kAttempts = 1000;

TEST(TransferIndexAway, IsWaitedForAndNothingIsTorn) {
  TransferWorld world(plot(), {.gated = false, .attempts = kAttempts});
  auto process = world.start();
  const AdminClient admin(process);
  ASSERT_TRUE(wait_until([&] { return admin.records_done() > 0; })) << process.err();
  {
    const auto outage = Servers::from_environment().outage("elasticsearch");
    ASSERT_NO_FATAL_FAILURE(expect_waits(process, admin, "left alone"));
  }
  expect_undisturbed(world, process);
}

/// A process that stands still until the end of the scope.
class Suspension {
 public:
  explicit Suspension(pid_t process) : process_(process) { ::kill(process_, SIGSTOP); }
  ~Suspension() { ::kill(process_, SIGCONT); }
  Suspension(const Suspension&) = delete;
  Suspension& operator=(const Suspension&) = delete;

 private:
  const pid_t process_;
};

TEST(TransferIndexStandsStill, IsWaitedForAndNothingIsTorn) {
  TransferWorld world(plot(), {.gated = false, .attempts = kAttempts});
  auto process = world.start();
  const AdminClient admin(process);
  ASSERT_TRUE(wait_until([&] { return admin.records_done() > 0; })) << process.err();
  {
    const Suspension suspension(Servers::from_environment().pid("elasticsearch"));
    ASSERT_NO_FATAL_FAILURE(expect_waits(process, admin, "left alone"));
  }
  expect_undisturbed(world, process);
}

/// Somebody who changes documents in the moment between the job's read and its write, for good: a guest among the mentors, and a count of visits.
class Visitor {
 public:
  Visitor(std::string server, std::uint64_t seed) : server_(std::move(server)), random_(seed) {}

  /// One document he changes more often in a row than the job tries at a time.
  void come(const std::vector<std::string>& ids) {
    for (const std::string& id : ids) {
      if (visits_.empty()) favourite_ = id;
      if (id == favourite_ ? visits_[id] < kFavouriteVisits : random_() % 8 == 0) visit(id);
    }
  }
  const std::map<std::string, int>& visits() const { return visits_; }
  static constexpr int kFavouriteVisits = 8;

 private:
  void visit(const std::string& id) {
    const auto got = ask_index(server_, "GET", "/course-batch/_doc/" + id);
    ASSERT_TRUE(got && got->status == 200);
    auto source = nlohmann::json::parse(got->body).at("_source");
    source["visits"] = ++visits_[id];
    if (visits_[id] == 1) source["mentors"].push_back("guest");
    const auto put = ask_index(server_, "PUT", "/course-batch/_doc/" + id, source.dump());
    ASSERT_TRUE(put && put->status == 200);
  }

  const std::string server_;
  std::mt19937_64 random_;
  std::map<std::string, int> visits_;
  std::string favourite_;
};

class TransferIndexIsChangedByOthers : public testing::TestWithParam<const char*> {};

TEST_P(TransferIndexIsChangedByOthers, AndTheirChangesAreKept) {
  const auto seed = test_seed();
  const Endpoint endpoint = Servers::from_environment().search(GetParam());
  Visitor visitor(fmt::format("{}:{}", endpoint.host, endpoint.port), seed);
  TransferWorld world(random_plot(seed, 30, 250, 60), {.server = GetParam(), .meddle = [&](const auto& ids) { visitor.come(ids); }});
  auto process = world.start();
  ASSERT_NO_FATAL_FAILURE(expect_done(world, process));
  EXPECT_GT(visitor.visits().size(), 20u);
  Ownership expected = world.expected();
  bool favourite = false;
  for (const auto& [id, visits] : visitor.visits()) {
    auto& document = expected.documents.at(id);
    document["visits"] = visits;
    document["mentors"].push_back("guest");
    std::sort(document["mentors"].begin(), document["mentors"].end());
    favourite |= visits >= Visitor::kFavouriteVisits;
  }
  EXPECT_TRUE(favourite);
  expect_same(world.found(), expected);
}

INSTANTIATE_TEST_SUITE_P(Servers, TransferIndexIsChangedByOthers, testing::Values("elasticsearch", "opensearch"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace lernd
