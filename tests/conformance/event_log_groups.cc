// Several members of one group.
#include "conformance/event_log_suite.h"

namespace lernd {
namespace {

TEST_P(EventLogSuite, TwoMembersShareThePartitionsAndOneTakesAllWhenTheOtherLeaves) {
  const std::string topic = new_topic(4);
  Pair pair{.first = join(topic), .second = join(topic)};
  const auto is_divided = [&] {
    std::set<std::int32_t> all = pair.of_first.assigned;
    all.insert(pair.of_second.assigned.begin(), pair.of_second.assigned.end());
    return all.size() == 4 && pair.of_first.assigned.size() == 2 && pair.of_second.assigned.size() == 2;
  };
  poll_both_until(pair, is_divided);

  for (int partition = 0; partition < 4; ++partition) produce(topic, partition, numbered("v", 3));
  poll_both_until(pair, [&] { return pair.of_first.count() + pair.of_second.count() >= 12; });
  EXPECT_EQ(pair.of_first.count(), 6u);
  EXPECT_EQ(pair.of_second.count(), 6u);
  for (const auto& [partition, records] : pair.of_first.records) {
    EXPECT_TRUE(pair.of_first.assigned.contains(partition));
    EXPECT_EQ(pair.of_first.values(partition), numbered("v", 3));
  }

  // The first commits what it has, the second leaves without: only its records come again.
  std::vector<Position> positions;
  for (const auto& [partition, records] : pair.of_first.records) positions.push_back(behind(topic, partition, records.back()));
  ASSERT_TRUE(ok(pair.first->commit({}, positions)));
  const auto left_over = pair.of_second.records;
  pair.second->close();
  pair.of_first.records.clear();
  poll_until(*pair.first, pair.of_first, [&] { return pair.of_first.assigned.size() == 4 && pair.of_first.count() >= 6; });
  EXPECT_EQ(pair.of_first.records, left_over);
}

TEST_P(EventLogSuite, ACommitForAPartitionThatWentIsFenced) {
  const std::string input = new_topic(2);
  const std::string out = new_topic(1);
  for (int partition = 0; partition < 2; ++partition) produce(input, partition, {"v"});
  Pair pair;
  pair.first = join(input);
  pair.of_first = take(*pair.first, 2);
  pair.second = join(input);
  poll_both_until(pair, [&] { return pair.of_first.assigned.size() == 1 && pair.of_second.assigned.size() == 1; });

  const std::int32_t kept = *pair.of_first.assigned.begin();
  const std::int32_t gone = 1 - kept;
  const std::vector<OutputRecord> outputs = {output(out, "by the old owner")};
  const std::vector<Position> both = {behind(input, kept, pair.of_first.records[kept][0]), behind(input, gone, pair.of_first.records[gone][0])};
  EXPECT_TRUE(failed(pair.first->commit(outputs, both), Treatment::retry, ErrorCode::fenced));
  EXPECT_TRUE(all_values(out).empty());
  EXPECT_EQ(progress_of(*pair.first, kept).committed, std::nullopt);
  EXPECT_EQ(progress_of(*pair.first, gone).committed, std::nullopt);

  // The new owner reads it again and commits; the old one goes on with what it kept.
  poll_both_until(pair, [&] { return pair.of_second.values(gone).size() == 1 && pair.of_first.assigned.contains(kept); });
  ASSERT_TRUE(ok(pair.second->commit(std::vector<OutputRecord>{output(out, "by the new owner")},
                                     std::vector<Position>{behind(input, gone, pair.of_second.records[gone][0])})));
  EXPECT_EQ(all_values(out), (std::vector<std::string>{"by the new owner"}));
}

TEST_P(EventLogSuite, MoreMembersThanPartitionsLeaveOneIdle) {
  const std::string topic = new_topic(1);
  Pair pair{.first = join(topic), .second = join(topic)};
  poll_both_until(pair, [&] { return pair.of_first.assigned.size() + pair.of_second.assigned.size() == 1; });
  produce(topic, 0, {"v"});
  poll_both_until(pair, [&] { return pair.of_first.count() + pair.of_second.count() >= 1; });
  EXPECT_EQ(pair.of_first.count() + pair.of_second.count(), 1u);
}

TEST_P(EventLogSuite, MembersOfDifferentGroupsAllReadEverything) {
  const std::string topic = new_topic(2);
  for (int partition = 0; partition < 2; ++partition) produce(topic, partition, numbered("v", 3));
  const auto first = join(topic, "first");
  const auto second = join(topic, "second");
  EXPECT_EQ(take(*first, 6).count(), 6u);
  EXPECT_EQ(take(*second, 6).count(), 6u);
}

}  // namespace
}  // namespace lernd
