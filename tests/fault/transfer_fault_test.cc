// user-ownership-transfer while the index takes no writes, is away, or is changed by others, and while the search for batches errs.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <random>

#include "fault/fault_time.h"
#include "fault/transfer_world.h"
#include "integration/program.h"
#include "support/seed.h"
#include "support/services.h"

namespace lernd {
namespace {

using namespace std::chrono_literals;

constexpr auto kRunLimit = 120s;

TransferPlot plot() { return random_plot(test_seed(), 30, 250, 150); }

void expect_done(TransferWorld& world, Process& process) {
  const auto code = process.wait(kRunLimit);
  ASSERT_EQ(code, 0) << (code ? "" : "it does not end: ") << process.err();
  EXPECT_EQ(world.dead_letters(), 0u);
}

void expect_undisturbed(TransferWorld& world, Process& process) {
  expect_done(world, process);
  const Ownership found = world.found();
  expect_same(found, world.expected());
  EXPECT_EQ(found.torn(), std::vector<std::string>());
}

/// The job waits with its one partition.
bool paused(const AdminClient& admin) {
  const auto job = admin.job();
  return !job.is_null() && job.at("state") == "waiting" && job.at("partitions").size() == 1 && job.at("partitions").at(0).at("state") == "paused";
}

/// Watches a job that waits, for as long as a fault is to last.
void expect_waits(Process& process, const AdminClient& admin, std::string_view why) {
  // The first attempts say what happened to each of them.
  const bool waits = wait_until([&] { return paused(admin) && admin.get("/health/ready").body.contains(why); });
  ASSERT_TRUE(waits) << admin.get("/health/ready").body << "\n" << process.err();
  EXPECT_EQ(admin.get("/health/ready").status, 503);
  const int done = admin.records_done();
  EXPECT_TRUE(admin.get("/metrics").body.contains(R"(lernd_retries_total{code="service_away",job="user-ownership-transfer"})"));
  EXPECT_FALSE(process.wait(fault_time())) << "it ended in the middle of a fault: " << process.err();
  EXPECT_TRUE(paused(admin));
  EXPECT_EQ(admin.records_done(), done);
}

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

TEST(TransferIndexAway, IsWaitedForAndNothingIsTorn) {
  TransferWorld world(plot(), {.gated = false});
  auto process = world.start();
  const AdminClient admin(process);
  ASSERT_TRUE(wait_until([&] { return admin.records_done() > 0; })) << process.err();
  {
    const auto outage = Servers::from_environment().outage("elasticsearch");
    ASSERT_NO_FATAL_FAILURE(expect_waits(process, admin, "left alone"));
  }
  expect_undisturbed(world, process);
}

/// The index without its shard, until the end of the scope: its node is told to take none, and the index is closed and opened again.
class ShardOutage {
 public:
  explicit ShardOutage(std::string server) : server_(std::move(server)) {
    allow("none");
    tell("POST", "/course-batch/_close", "");
    tell("POST", "/course-batch/_open?wait_for_active_shards=0", "");
  }
  ~ShardOutage() { allow(nullptr); }
  ShardOutage(const ShardOutage&) = delete;
  ShardOutage& operator=(const ShardOutage&) = delete;

 private:
  void allow(const nlohmann::json& shards) const {
    tell("PUT", "/_cluster/settings", nlohmann::json{{"transient", {{"cluster.routing.allocation.enable", shards}}}}.dump());
  }
  void tell(const std::string& method, const std::string& path, const std::string& body) const {
    const auto answer = ask_index(server_, method, path, body);
    EXPECT_TRUE(answer && answer->status == 200) << path << " " << (answer ? answer->body : "");
  }

  const std::string server_;
};

class TransferIndexWithoutItsShard : public testing::TestWithParam<const char*> {};

TEST_P(TransferIndexWithoutItsShard, IsWaitedForAndNothingIsTorn) {
  TransferWorld world(plot(), {.server = GetParam()});
  auto process = world.start();
  const AdminClient admin(process);
  ASSERT_TRUE(world.await_updates(process, 3));
  {
    const ShardOutage outage(world.server());
    ASSERT_NO_FATAL_FAILURE(expect_waits(process, admin, "not complete"));
  }
  expect_undisturbed(world, process);
}

INSTANTIATE_TEST_SUITE_P(Servers, TransferIndexWithoutItsShard, testing::Values("elasticsearch", "opensearch"),
                         [](const auto& info) { return std::string(info.param); });

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
  TransferWorld world(plot(), {.gated = false});
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
      if (id == favourite_ ? visits_[id] < kFavouriteVisits : random_() % 2 == 0) visit(id);
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
  TransferWorld world(random_plot(seed, 30, 250, 100), {.server = GetParam(), .meddle = [&](const auto& ids) { visitor.come(ids); }});
  auto process = world.start();
  expect_done(world, process);
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
  expect_done(world, first);
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

class TransferSearchFails : public testing::TestWithParam<SearchFault> {};

TEST_P(TransferSearchFails, IsWaitedForAndNothingIsTorn) {
  TransferWorld world(plot(), {.parallelism = 1});
  auto process = world.start();
  const AdminClient admin(process);
  ASSERT_TRUE(world.await_updates(process, 3));
  world.partners().search(GetParam().how);
  ASSERT_NO_FATAL_FAILURE(expect_waits(process, admin, "left alone"));
  world.partners().search(BatchSearch::well);
  expect_undisturbed(world, process);
}

INSTANTIATE_TEST_SUITE_P(Faults, TransferSearchFails,
                         testing::Values(SearchFault{"broken", BatchSearch::broken, false, false}, SearchFault{"garbage", BatchSearch::garbage, false, false}),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace lernd
