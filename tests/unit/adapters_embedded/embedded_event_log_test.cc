// What only the embedded log can be tested for: rows of its tables changed by hand, members that vanish.
#include "adapters/embedded/embedded_event_log.h"

#include <gtest/gtest.h>

#include "adapters/embedded/connection.h"
#include "unit/adapters_embedded/embedded_school.h"
#include "unit/adapters_embedded/forked_child.h"

namespace lernd {
namespace {

class EmbeddedEventLogTest : public testing::Test {
 protected:
  void lay_out(int partitions, int records) { School::lay_out(path_, partitions, records); }
  static void sql(EmbeddedPorts& worker, const char* text) { ASSERT_TRUE(ok(worker.database->connection().script(text))); }

  TemporaryFolder folder_;
  std::string path_ = folder_.file("lernd.db");
};

TEST_F(EmbeddedEventLogTest, AMemberThatDidNotHearOfANewOneIsFenced) {
  lay_out(2, 1);
  EmbeddedPorts old(path_);
  ASSERT_EQ(old.poll().size(), 2u);
  EmbeddedPorts fresh(path_);
  const auto taken = fresh.log->poll({});
  ASSERT_TRUE(ok(taken));
  ASSERT_EQ(taken->assigned.size(), 1u);
  const std::int32_t moved = taken->assigned[0].partition;

  ASSERT_TRUE(ok(old.write("a", "1")));
  EXPECT_TRUE(failed(old.commit("out", moved, Offset{1}), Treatment::retry, ErrorCode::fenced, {School::kIn}));
  EXPECT_EQ(old.outputs(), 0u);
  EXPECT_TRUE(ok(old.commit("out", 1 - moved, Offset{1}))) << "what it kept it commits";
  const auto next = old.log->poll({});
  ASSERT_TRUE(ok(next));
  EXPECT_EQ(next->revoked, (std::vector<TopicPartition>{{School::kIn, moved}}));
  EXPECT_TRUE(ok(fresh.commit("out", moved, Offset{1})));
}

TEST_F(EmbeddedEventLogTest, APartitionThatWasElsewhereAndCameBackIsFencedToo) {
  lay_out(2, 2);
  EmbeddedPorts old(path_);
  ASSERT_EQ(old.poll().size(), 2u);
  std::int32_t moved = -1;
  {
    EmbeddedPorts guest(path_);
    const auto taken = guest.log->poll({});
    ASSERT_TRUE(ok(taken));
    moved = taken->assigned.at(0).partition;
    ASSERT_TRUE(ok(guest.commit("by the guest", moved, Offset{2})));
  }
  EXPECT_TRUE(failed(old.commit("again", moved, Offset{2}), Treatment::retry, ErrorCode::fenced));
  const auto gone = old.log->poll({});
  ASSERT_TRUE(ok(gone));
  EXPECT_EQ(gone->revoked, (std::vector<TopicPartition>{{School::kIn, moved}}));
  EXPECT_TRUE(gone->assigned.empty()) << "one poll does not say both of a partition";
  const auto back = old.log->poll({});
  ASSERT_TRUE(ok(back));
  EXPECT_EQ(back->assigned, (std::vector<TopicPartition>{{School::kIn, moved}}));
  EXPECT_TRUE(back->batches.empty()) << "the guest has done them";
  EXPECT_EQ(back->ends, (std::vector<Position>{{{School::kIn, moved}, Offset{2}}}));
}

TEST_F(EmbeddedEventLogTest, ThePartitionsOfAKilledProcessAreTakenAtOnce) {
  lay_out(2, 3);
  ForkedChild child([&](const auto& tell) {
    EmbeddedPorts worker(path_);
    const auto batches = worker.poll();
    tell(std::to_string(batches.size()));
    for (;;) ::pause();
  });
  ASSERT_EQ(child.wait_for_word(), "2");
  child.kill();
  EmbeddedPorts worker(path_);
  EXPECT_EQ(worker.poll().size(), 2u);
}

TEST_F(EmbeddedEventLogTest, GapsAreReadOver) {
  lay_out(1, 10);
  EmbeddedPorts worker(path_);
  sql(worker, "DELETE FROM lernd_record WHERE topic='in' AND offset IN (0, 1, 4, 5, 6, 9)");
  const auto batches = worker.poll();
  ASSERT_EQ(batches.size(), 1u);
  std::vector<std::int64_t> offsets;
  for (const Record& record : batches[0].records) offsets.push_back(record.offset.value);
  EXPECT_EQ(offsets, (std::vector<std::int64_t>{2, 3, 7, 8}));
  EXPECT_EQ(worker.log->progress()->at(0).begin, Offset{2});
}

TEST_F(EmbeddedEventLogTest, OffsetsAreNotUsedAgainWhenDoneRecordsAreDeleted) {
  lay_out(1, 3);
  EmbeddedPorts worker(path_);
  worker.poll();
  ASSERT_TRUE(ok(worker.commit("out", 0, Offset{3})));
  sql(worker, "DELETE FROM lernd_record WHERE topic='in'");
  EXPECT_EQ(worker.log->progress()->at(0).lag(), 0);
  const OutputRecord record{.topic = School::kIn, .value = "new"};
  ASSERT_TRUE(ok(worker.admin->produce(std::span(&record, 1), 0)));
  const auto batches = worker.poll();
  ASSERT_EQ(batches.size(), 1u);
  EXPECT_EQ(batches[0].records.at(0).offset, Offset{3});
}

TEST_F(EmbeddedEventLogTest, AMissingPartitionIsNamed) {
  lay_out(1, 0);
  EmbeddedPorts worker(path_);
  const OutputRecord record{.topic = School::kIn, .value = "x"};
  EXPECT_TRUE(failed(worker.admin->produce(std::span(&record, 1), 1), Treatment::fatal, ErrorCode::not_found, {School::kIn, "partition 1"}));
}

TEST_F(EmbeddedEventLogTest, AWakeBeforeThePollEndsItsWait) {
  lay_out(1, 0);
  EmbeddedPorts worker(path_);
  worker.poll();
  worker.log->wake();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(ok(worker.log->poll({.wait = std::chrono::minutes(5)})));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

TEST_F(EmbeddedEventLogTest, NoPartitionWaitsBehindABusyOneForEver) {
  lay_out(3, 100);
  EmbeddedPorts worker(path_);
  std::set<std::int32_t> seen;
  for (int i = 0; i < 3; ++i) {
    for (const RecordBatch& batch : worker.poll({.records = 10})) seen.insert(batch.source.partition);
  }
  EXPECT_EQ(seen.size(), 3u);
}

TEST_F(EmbeddedEventLogTest, APollInsideAnOpenTransactionCommitsNothing) {
  lay_out(1, 1);
  EmbeddedPorts worker(path_);
  worker.poll();
  ASSERT_TRUE(ok(worker.write("a", "1")));
  // Longer than a member waits until it shows again that it is there.
  const auto begin = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(1200)) worker.poll();
  EXPECT_TRUE(worker.database->connection().in_transaction());
  EXPECT_EQ(EmbeddedPorts(path_).rows(), 0u);
}

TEST_F(EmbeddedEventLogTest, CorruptHeadersAreFatal) {
  lay_out(1, 1);
  EmbeddedPorts worker(path_);
  for (const std::string headers : {"x", "{}", "[1]", "[[\"a\"]]", "[[\"a\",5]]", "[[\"a\",{\"bytes\":\"zz\"}]]"}) {
    ASSERT_TRUE(ok(worker.database->connection().change("UPDATE lernd_record SET headers=?", headers)));
    EXPECT_TRUE(failed(worker.admin->read({School::kIn, 0}, Offset{0}, 1), Treatment::fatal, ErrorCode::corrupt)) << headers;
  }
}

}  // namespace
}  // namespace lernd
