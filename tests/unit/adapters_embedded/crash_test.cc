// SIGKILL: what was not committed never happened, what was committed stays.
#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "unit/adapters_embedded/embedded_school.h"
#include "unit/adapters_embedded/forked_child.h"

namespace lernd {
namespace {

constexpr int kRecords = 1000;

class CrashTest : public testing::Test {
 protected:
  void SetUp() override { School::lay_out(path_, 1, kRecords); }

  TemporaryFolder folder_;
  std::string path_ = folder_.file("lernd.db");
};

/// Ten rows for the first ten records, large enough to reach the file before the commit does.
void write_ten(EmbeddedPorts& worker) {
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(ok(worker.write("row" + std::to_string(i), std::string(1 << 20, 'x'))));
}

TEST_F(CrashTest, AKillBeforeTheCommitLeavesNothing) {
  ForkedChild child([&](const auto& tell) {
    EmbeddedPorts worker(path_);
    worker.poll();
    write_ten(worker);
    tell("written");
  });
  ASSERT_EQ(child.wait_until_done(), "written");
  child.kill();
  EmbeddedPorts worker(path_);
  EXPECT_EQ(worker.rows(), 0u);
  EXPECT_EQ(worker.outputs(), 0u);
  EXPECT_EQ(worker.position(), std::nullopt);
  EXPECT_EQ(worker.poll().at(0).records.at(0).value, "0") << "and the records come again";
}

TEST_F(CrashTest, AKillAfterTheCommitLeavesEverything) {
  ForkedChild child([&](const auto& tell) {
    EmbeddedPorts worker(path_);
    worker.poll();
    write_ten(worker);
    ASSERT_TRUE(ok(worker.commit("out", 0, Offset{10})));
    tell("committed");
  });
  ASSERT_EQ(child.wait_until_done(), "committed");
  child.kill();
  EmbeddedPorts worker(path_);
  EXPECT_EQ(worker.rows(), 10u);
  EXPECT_EQ(worker.outputs(), 1u);
  EXPECT_EQ(worker.position(), Offset{10});
  EXPECT_EQ(worker.poll().at(0).records.at(0).value, "10");
}

/// For every record a row and an output, three records a commit; tells each commit.
void do_all(const std::string& path, const ForkedChild::Tell& tell) {
  EmbeddedPorts worker(path);
  for (;;) {
    const auto batches = worker.poll({.records = 3});
    if (batches.empty()) return;
    std::vector<OutputRecord> outputs;
    for (const Record& record : batches[0].records) {
      if (!worker.write(*record.value, "done")) return tell("failed");
      outputs.push_back({.topic = School::kOut, .value = record.value});
    }
    const Position position{batches[0].source, batches[0].records.back().offset.next()};
    if (!worker.log->commit(outputs, std::span(&position, 1))) return tell("failed");
    tell(".");
  }
}

TEST_F(CrashTest, KillsAtAnyTimeLoseAndDoubleNothing) {
  std::mt19937 random(7);
  int kills = 0;
  for (std::optional<Offset> position; position != Offset{kRecords}; ++kills) {
    ASSERT_LT(kills, 2000);
    ForkedChild child([&](const auto& tell) { do_all(path_, tell); });
    ASSERT_NE(child.wait_for_word(), "failed");
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 40000));
    child.kill();

    EmbeddedPorts worker(path_);
    position = worker.position();
    ASSERT_TRUE(position.has_value());
    const auto done = static_cast<std::size_t>(position->value);
    EXPECT_EQ(worker.rows(), done);
    const auto outputs = worker.admin->read({School::kOut, 0}, Offset{0}, 10 * kRecords);
    ASSERT_TRUE(ok(outputs));
    ASSERT_EQ(outputs->size(), done);
    for (std::size_t i = 0; i < done; ++i) ASSERT_EQ((*outputs)[i].value, std::to_string(i));
  }
  EXPECT_GT(kills, 5) << "it was never killed in the middle of its work";
}

}  // namespace
}  // namespace lernd
