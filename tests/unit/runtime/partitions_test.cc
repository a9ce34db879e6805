#include "runtime/partitions.h"

#include <gtest/gtest.h>

namespace lernd {
namespace {

using namespace std::chrono_literals;
using Time = Partitions::Time;

const TopicPartition kA{"in", 0};
const TopicPartition kB{"in", 1};

Record at(std::int64_t offset) { return {.offset = {offset}, .value = "x"}; }

RecordBatch batch(const TopicPartition& source, std::initializer_list<std::int64_t> offsets) {
  RecordBatch batch{source, {}};
  for (const auto offset : offsets) batch.records.push_back(at(offset));
  return batch;
}

TEST(Partitions, ABatchIsDueUntilItIsFinished) {
  Partitions partitions;
  Polled polled{.batches = {batch(kA, {0, 1})}, .assigned = {kA, kB}};
  partitions.take(polled, Time(0s));
  auto due = partitions.due(Time(0s));
  ASSERT_EQ(due.size(), 1u);
  EXPECT_TRUE(due[0]->read_journal) << "the first batch of an assignment";
  partitions.restored(kA);
  partitions.finished(kA, Time(0s));
  EXPECT_TRUE(partitions.due(Time(0s)).empty());
  EXPECT_FALSE(partitions.any_open());

  Polled more{.batches = {batch(kA, {2})}};
  partitions.take(more, Time(0s));
  EXPECT_FALSE(partitions.due(Time(0s))[0]->read_journal);
}

TEST(Partitions, OneThatWaitsIsPausedAndDoesNotHoldUpOthers) {
  Partitions partitions;
  Polled polled{.batches = {batch(kA, {0}), batch(kB, {0})}, .assigned = {kA, kB}};
  partitions.take(polled, Time(0s));
  partitions.due(Time(0s))[0]->due = Time(5s);
  ASSERT_EQ(partitions.due(Time(1s)).size(), 1u);
  EXPECT_EQ(partitions.due(Time(1s))[0]->source, kB);
  partitions.finished(kB, Time(1s));
  EXPECT_EQ(partitions.to_pause(), std::vector{kA});
  EXPECT_TRUE(partitions.to_pause().empty()) << "said once";
  EXPECT_EQ(partitions.wait(Time(1s), 100ms), 100ms);
  EXPECT_EQ(partitions.wait(Time(4990ms), 100ms), 10ms);
  EXPECT_EQ(partitions.wait(Time(6s), 100ms), 0ms);
  partitions.finished(kA, Time(6s));
  EXPECT_EQ(partitions.to_resume(), std::vector{kA});
}

TEST(Partitions, RecordsThatComeMeanwhileAreTheNextBatch) {
  Partitions partitions;
  Polled polled{.batches = {batch(kA, {0})}, .assigned = {kA}};
  partitions.take(polled, Time(0s));
  Polled more{.batches = {batch(kA, {1, 2})}};
  partitions.take(more, Time(0s));
  EXPECT_EQ(partitions.due(Time(0s))[0]->records.size(), 1u);
  partitions.finished(kA, Time(0s));
  ASSERT_EQ(partitions.due(Time(0s)).size(), 1u);
  EXPECT_EQ(partitions.due(Time(0s))[0]->first(), Offset{1});
}

TEST(Partitions, TheNextBatchIsOfTheSamePartition) {
  const TopicPartition source{"a topic whose name does not fit into the text object itself", 7};
  Partitions partitions;
  Polled polled{.batches = {batch(source, {0})}, .assigned = {source}};
  partitions.take(polled, Time(0s));
  Polled more{.batches = {batch(source, {1})}};
  partitions.take(more, Time(0s));
  partitions.finished(partitions.due(Time(0s))[0]->source, Time(0s));
  ASSERT_EQ(partitions.due(Time(0s)).size(), 1u);
  EXPECT_EQ(partitions.due(Time(0s))[0]->source, source);
}

TEST(Partitions, WhatIsDoneWaitsForItsCommitAlone) {
  Partitions partitions;
  Polled polled{.batches = {batch(kA, {0})}, .assigned = {kA}};
  partitions.take(polled, Time(0s));
  EXPECT_TRUE(partitions.done(Time(0s)).empty()) << "its records have no items yet";
  partitions.due(Time(0s))[0]->restored = true;
  EXPECT_TRUE(partitions.due(Time(0s)).empty());
  ASSERT_EQ(partitions.done(Time(0s)).size(), 1u);
  EXPECT_TRUE(partitions.any_open());
  EXPECT_FALSE(partitions.any_waiting());
  EXPECT_TRUE(partitions.to_pause().empty()) << "the next records may come meanwhile";

  auto& committing = *partitions.done(Time(0s))[0];
  committing.commit_retry.failed({}, Time(0s));
  committing.due = Time(5s);
  EXPECT_TRUE(partitions.done(Time(1s)).empty());
  EXPECT_TRUE(partitions.any_waiting());
  EXPECT_EQ(partitions.to_pause(), std::vector{kA});
  EXPECT_EQ(partitions.done(Time(5s)).size(), 1u);
}

TEST(Partitions, WhatIsBehindCanBeWorkedOnWhileItsPredecessorIsCommitted) {
  Partitions partitions;
  Polled polled{.batches = {batch(kA, {0})}, .assigned = {kA}};
  partitions.take(polled, Time(0s));
  partitions.due(Time(0s))[0]->restored = true;
  partitions.restored(kA);
  Polled more{.batches = {batch(kA, {1, 2})}};
  partitions.take(more, Time(0s));
  const auto done = partitions.done(Time(0s));
  auto next = partitions.next(done, Time(0s));
  ASSERT_EQ(next.size(), 1u);
  EXPECT_EQ(next[0]->first(), Offset{1});
  EXPECT_FALSE(next[0]->read_journal);
  next[0]->restored = true;

  partitions.take_back(kA);
  EXPECT_EQ(partitions.done(Time(0s)).size(), 1u);
  next = partitions.next(done, Time(0s));
  ASSERT_EQ(next.size(), 1u);
  EXPECT_EQ(next[0]->records.size(), 2u);
  EXPECT_FALSE(next[0]->restored) << "what was worked out is forgotten";
  next[0]->restored = true;

  partitions.finished(kA, Time(0s));
  ASSERT_EQ(partitions.done(Time(0s)).size(), 1u);
  EXPECT_EQ(partitions.done(Time(0s))[0]->first(), Offset{1}) << "it takes the place as it is";
}

TEST(Partitions, CollectsWhatAJournalEntryNeeds) {
  Partitions partitions;
  Polled polled{.batches = {batch(kA, {0, 1})}, .assigned = {kA}};
  partitions.take(polled, Time(0s));
  partitions.collect_until(kA, {3});
  EXPECT_TRUE(partitions.due(Time(0s)).empty());
  EXPECT_TRUE(partitions.to_pause().empty()) << "it needs more records";
  Polled more{.batches = {batch(kA, {2, 3})}};
  partitions.take(more, Time(0s));
  ASSERT_EQ(partitions.due(Time(0s)).size(), 1u);
  EXPECT_EQ(partitions.due(Time(0s))[0]->records.size(), 4u);
}

TEST(Partitions, TheEndOfAPartitionEndsTheCollecting) {
  Partitions partitions;
  Polled polled{.batches = {batch(kA, {0})}, .assigned = {kA}};
  partitions.take(polled, Time(0s));
  partitions.collect_until(kA, {3});
  Polled end{.ends = {{kA, {3}}}};
  partitions.take(end, Time(0s));
  EXPECT_TRUE(partitions.due(Time(0s)).empty()) << "record 3 may still come";
  Polled beyond{.ends = {{kA, {4}}}};
  partitions.take(beyond, Time(0s));
  EXPECT_EQ(partitions.due(Time(0s)).size(), 1u) << "record 3 was compacted away";
  EXPECT_TRUE(partitions.reached_end(kA));
}

TEST(Partitions, RevokedOnesAreDropped) {
  Partitions partitions;
  Polled polled{.batches = {batch(kA, {0})}, .assigned = {kA}};
  partitions.take(polled, Time(0s));
  Polled gone{.revoked = {kA}};
  partitions.take(gone, Time(0s));
  EXPECT_TRUE(partitions.due(Time(0s)).empty());
  EXPECT_FALSE(partitions.has(kA));
}

TEST(Partitions, AStoppedOneIsNeitherDueNorOpen) {
  Partitions partitions;
  Polled polled{.batches = {batch(kA, {0})}, .assigned = {kA}};
  partitions.take(polled, Time(0s));
  partitions.due(Time(0s))[0]->stopped = true;
  EXPECT_TRUE(partitions.due(Time(0s)).empty());
  EXPECT_FALSE(partitions.any_open());
  EXPECT_TRUE(partitions.all_stopped());
  EXPECT_EQ(partitions.stopped(), std::vector{kA});
  EXPECT_EQ(partitions.to_pause(), std::vector{kA});
}

TEST(Partitions, AnEndBehindMarkersMovesThePosition) {
  Partitions partitions;
  // The end comes with the last records before it, and is told once only.
  Polled polled{.batches = {batch(kA, {0})}, .assigned = {kA}, .ends = {{kA, {2}}}};
  partitions.take(polled, Time(0s));
  EXPECT_TRUE(partitions.ends_behind_position().empty()) << "a batch is in hand";
  partitions.finished(kA, Time(0s));
  EXPECT_EQ(partitions.ends_behind_position(), (std::vector<Position>{{kA, {2}}}));
  partitions.moved({kA, {2}});
  EXPECT_TRUE(partitions.ends_behind_position().empty());
}

TEST(Partitions, AnEndRightBehindTheRecordsMovesNothing) {
  Partitions partitions;
  Polled polled{.batches = {batch(kA, {0})}, .assigned = {kA}, .ends = {{kA, {1}}}};
  partitions.take(polled, Time(0s));
  partitions.finished(kA, Time(0s));
  EXPECT_TRUE(partitions.ends_behind_position().empty());
}

}  // namespace
}  // namespace lernd
