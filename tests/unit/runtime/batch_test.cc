#include "runtime/batch.h"

#include <gtest/gtest.h>

#include "toy_job.h"

namespace lernd {
namespace {

PartitionBatch batch_of(std::initializer_list<const char*> values, const Job& job) {
  PartitionBatch batch;
  for (const char* value : values) batch.records.push_back({.offset = {static_cast<std::int64_t>(batch.records.size())}, .value = value});
  decode_records(batch, job, 1000);
  return batch;
}

std::vector<std::vector<std::size_t>> records_of(const std::vector<WaveItem>& wave) {
  std::vector<std::vector<std::size_t>> records;
  for (const WaveItem& one : wave) records.push_back(one.item->records);
  return records;
}

using Records = std::vector<std::vector<std::size_t>>;

TEST(Waves, OneKeyOneAfterTheOther) {
  auto batch = batch_of({"a 1", "b 1", "a 2", "a 3"}, ToyJob());
  PartitionBatch* batches[] = {&batch};
  auto wave = next_wave(batches);
  EXPECT_EQ(records_of(wave), (Records{{0}, {1}}));
  for (const WaveItem& one : wave) one.item->state = WorkItem::State::done;
  wave = next_wave(batches);
  EXPECT_EQ(records_of(wave), (Records{{2}}));
  for (const WaveItem& one : wave) one.item->state = WorkItem::State::done;
  EXPECT_EQ(records_of(next_wave(batches)), (Records{{3}}));
}

TEST(Waves, AnItemThatWaitsHoldsUpItsKeyOnly) {
  auto batch = batch_of({"a 1", "b 1", "a 2", "b 2"}, ToyJob());
  PartitionBatch* batches[] = {&batch};
  next_wave(batches)[1].item->state = WorkItem::State::done;
  EXPECT_EQ(records_of(next_wave(batches)), (Records{{0}, {3}}));
}

TEST(Waves, AKeyOfTwoPartitionsIsHandledOnceAtATime) {
  auto first = batch_of({"a 1"}, ToyJob());
  auto second = batch_of({"a 2", "b 1"}, ToyJob());
  PartitionBatch* batches[] = {&first, &second};
  EXPECT_EQ(records_of(next_wave(batches)), (Records{{0}, {1}}));
}

TEST(Folding, TakesARecordIntoTheLastOfItsKeyOnly) {
  const auto batch = batch_of({"a 1", "b 1", "a 2", "a bad", "a 3", "nonsense", "a 4"}, ToyJob(true));
  ASSERT_EQ(batch.items.size(), 4u);
  EXPECT_EQ(batch.items[0].records, (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(batch.items[1].records, (std::vector<std::size_t>{1}));
  EXPECT_EQ(batch.items[2].records, (std::vector<std::size_t>{3})) << "what is not a number is not folded";
  EXPECT_EQ(batch.items[3].records, (std::vector<std::size_t>{4, 6})) << "and nothing is folded across it";
  ASSERT_EQ(batch.skipped.size(), 1u);
  EXPECT_EQ(batch.skipped[0].record, 5u);
}

}  // namespace
}  // namespace lernd
