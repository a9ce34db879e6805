#include "conformance/event_log_suite.h"

#include <algorithm>

namespace lernd {

std::size_t Collected::count() const {
  std::size_t count = 0;
  for (const auto& [partition, list] : records) count += list.size();
  return count;
}

std::vector<std::string> Collected::values(std::int32_t partition) const {
  std::vector<std::string> values;
  const auto found = records.find(partition);
  if (found == records.end()) return values;
  for (const Record& record : found->second) values.push_back(record.value.value_or("(tombstone)"));
  return values;
}

void EventLogSuite::SetUp() {
  backend_ = GetParam().make();
  ASSERT_NE(backend_, nullptr);
  admin_ = backend_->admin();
  ASSERT_NE(admin_, nullptr);
}

std::string EventLogSuite::new_topic(int partitions) {
  std::string topic = unique_name("conformance");
  EXPECT_TRUE(ok(admin_->create(topic, partitions)));
  return topic;
}

std::unique_ptr<EventLog> EventLogSuite::join(const std::string& topic, const std::string& group, Reset reset) {
  // Groups are named after the topic: no test meets the positions of another.
  auto log = backend_->join(topic, topic + "." + group, reset);
  EXPECT_NE(log, nullptr);
  return log;
}

void EventLogSuite::produce(const std::string& topic, int partition, const std::vector<std::string>& values) {
  std::vector<OutputRecord> records;
  for (const std::string& value : values) records.push_back(output(topic, value));
  produce(records, partition);
}

void EventLogSuite::produce(const std::vector<OutputRecord>& records, int partition) { ASSERT_TRUE(ok(admin_->produce(records, partition))); }

void EventLogSuite::poll(EventLog& log, Collected& into, const PollLimits& limits) {
  const auto polled = log.poll(limits);
  if (!polled) {
    ASSERT_TRUE(failed(polled, Treatment::retry)) << "only what may pass is polled again";
    return;
  }
  for (const TopicPartition& gone : polled->revoked) into.assigned.erase(gone.partition);
  for (const TopicPartition& come : polled->assigned) {
    into.assigned.insert(come.partition);
    into.last.erase(come.partition);  // reading begins again at the committed offset
  }
  std::set<TopicPartition> sources;
  for (const RecordBatch& batch : polled->batches) {
    EXPECT_FALSE(batch.records.empty());
    EXPECT_TRUE(sources.insert(batch.source).second) << "at most one batch a partition";
    EXPECT_TRUE(into.assigned.contains(batch.source.partition)) << "records of a partition that was not assigned";
    auto& list = into.records[batch.source.partition];
    for (const Record& record : batch.records) {
      const auto last = into.last.find(batch.source.partition);
      EXPECT_TRUE(last == into.last.end() || record.offset > last->second);
      into.last[batch.source.partition] = record.offset;
      list.push_back(record);
    }
  }
  for (const Position& end : polled->ends) into.ends[end.source.partition] = end.next;
}

void EventLogSuite::poll_until(EventLog& log, Collected& into, const std::function<bool()>& done, const PollLimits& limits) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!done()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline)
        << "not reached; " << into.count() << " records read, " << into.assigned.size() << " partitions assigned";
    ASSERT_NO_FATAL_FAILURE(poll(log, into, limits));
  }
}

void EventLogSuite::poll_both_until(Pair& pair, const std::function<bool()>& done) {
  const PollLimits limits{.wait = std::chrono::milliseconds(50)};
  ASSERT_TRUE(eventually([&] {
    poll(*pair.first, pair.of_first, limits);
    poll(*pair.second, pair.of_second, limits);
    return HasFatalFailure() || done();
  })) << pair.of_first.assigned.size()
      << " and " << pair.of_second.assigned.size() << " partitions assigned";
}

Collected EventLogSuite::take(EventLog& log, std::size_t count, const PollLimits& limits) {
  Collected collected;
  poll_until(log, collected, [&] { return collected.count() >= count; }, limits);
  EXPECT_EQ(collected.count(), count);
  return collected;
}

std::vector<Record> EventLogSuite::all_records(const std::string& topic, int partition) {
  const auto records = admin_->read({topic, partition}, Offset{0}, 100000);
  EXPECT_TRUE(ok(records));
  return records.value_or(std::vector<Record>());
}

std::vector<std::string> EventLogSuite::all_values(const std::string& topic, int partition) {
  std::vector<std::string> values;
  for (const Record& record : all_records(topic, partition)) values.push_back(record.value.value_or("(tombstone)"));
  return values;
}

Progress EventLogSuite::progress_of(EventLog& log, int partition) {
  const auto progress = log.progress();
  EXPECT_TRUE(ok(progress));
  if (!progress) return {};
  const auto found = std::ranges::find_if(*progress, [&](const Progress& one) { return one.source.partition == partition; });
  EXPECT_NE(found, progress->end());
  return found == progress->end() ? Progress() : *found;
}

OutputRecord output(const std::string& topic, const std::string& value) { return {.topic = topic, .key = std::nullopt, .value = value, .headers = {}}; }

std::vector<std::string> numbered(const std::string& stem, int count) {
  std::vector<std::string> values;
  for (int i = 0; i < count; ++i) values.push_back(stem + std::to_string(i));
  return values;
}

Position behind(const std::string& topic, std::int32_t partition, const Record& record) { return {{topic, partition}, record.offset.next()}; }

}  // namespace lernd
