// Several workers on one file, each with its own connection and thread, members of one group.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

#include "unit/adapters_embedded/embedded_school.h"

namespace lernd {
namespace {

constexpr int kPartitions = 4;
constexpr int kRecords = 150;

class SharedFileTest : public testing::Test {
 protected:
  void SetUp() override { School::lay_out(path_, kPartitions, kRecords); }

  /// Takes records as `partition/value` to the output until everybody together has done all, or `most` commits were made.
  void work(int most) {
    EmbeddedPorts worker(path_);
    std::map<std::int32_t, std::vector<Record>> open;
    for (int commits = 0; done_ < kPartitions * kRecords && commits < most;) {
      const auto polled = worker.log->poll({.records = 10, .wait = std::chrono::milliseconds(20)});
      if (!polled) {
        ASSERT_TRUE(failed(polled, Treatment::retry));
        continue;
      }
      for (const TopicPartition& gone : polled->revoked) open.erase(gone.partition);
      for (const RecordBatch& batch : polled->batches)
        open[batch.source.partition].insert(open[batch.source.partition].end(), batch.records.begin(), batch.records.end());
      for (auto each = open.begin(); each != open.end();) {
        if (!finish(worker, each->first, each->second)) break;  // the next poll says what is still its own
        done_ += static_cast<int>(each->second.size());
        each = open.erase(each);
        ++commits;
      }
    }
  }

  bool finish(EmbeddedPorts& worker, std::int32_t partition, const std::vector<Record>& records) {
    std::vector<OutputRecord> outputs;
    for (const Record& record : records) {
      const std::string id = std::to_string(partition) + "/" + *record.value;
      if (const auto written = worker.write(id, "x"); !written) {
        EXPECT_TRUE(failed(written, Treatment::retry));
        return false;
      }
      outputs.push_back({.topic = School::kOut, .value = id});
    }
    const Position position{{School::kIn, partition}, records.back().offset.next()};
    const auto committed = worker.log->commit(outputs, std::span(&position, 1));
    EXPECT_TRUE(committed || failed(committed, Treatment::retry));
    if (committed) return true;
    EXPECT_TRUE(ok(worker.tables->flush()));  // nobody else can write before
    return false;
  }

  void expect_each_record_once() {
    EmbeddedPorts watcher(path_);
    EXPECT_EQ(watcher.rows(), static_cast<std::size_t>(kPartitions * kRecords));
    const auto outputs = watcher.admin->read({School::kOut, 0}, Offset{0}, 100000);
    ASSERT_TRUE(ok(outputs));
    std::map<std::string, int> next;
    for (const Record& record : *outputs) {
      const std::string partition = record.value->substr(0, record.value->find('/'));
      ASSERT_EQ(*record.value, partition + "/" + std::to_string(next[partition]++)) << "lost, doubled or out of order";
    }
    EXPECT_EQ(outputs->size(), static_cast<std::size_t>(kPartitions * kRecords));
    for (int partition = 0; partition < kPartitions; ++partition) EXPECT_EQ(watcher.position(partition), Offset{kRecords});
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.file("lernd.db");
  std::atomic<int> done_{0};
};

TEST_F(SharedFileTest, FourWorkersDoEachRecordOnce) {
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { work(1 << 30); });
  }
  expect_each_record_once();
}

TEST_F(SharedFileTest, WorkersThatComeAndGoDoEachRecordOnce) {
  {
    std::vector<std::jthread> threads;
    threads.emplace_back([&] { work(1 << 30); });
    for (int i = 0; i < 2; ++i) {
      threads.emplace_back([&] {
        while (done_ < kPartitions * kRecords) work(3);
      });
    }
  }
  expect_each_record_once();
}

}  // namespace
}  // namespace lernd
