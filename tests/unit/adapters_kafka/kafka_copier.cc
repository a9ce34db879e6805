// A worker in small, to be killed: copies the records of a topic to another one, exactly once, until it is told to stop (SIGTERM).
//
//   kafka_copier BROKERS INPUT OUTPUT GROUP TRANSACTIONAL_ID SESSION_TIMEOUT_MS
//
// Writes a line for every commit. What may pass is repeated; what the group took away is dropped.
#include <csignal>
#include <cstdio>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "adapters/kafka/kafka_log.h"

namespace lernd {
namespace {

volatile std::sig_atomic_t stop = 0;

// Small batches with a pause between: the work lasts long enough for another member to join and for kills to strike at many places of it.
constexpr std::size_t kRecords = 20;
constexpr std::chrono::milliseconds kPause{10};

using Held = std::map<TopicPartition, std::vector<Record>>;

void take(Held& held, Polled& polled) {
  for (const auto& gone : polled.revoked) held.erase(gone);
  for (auto& batch : polled.batches) {
    auto& records = held[batch.source];
    for (auto& record : batch.records) records.push_back(std::move(record));
  }
}

Result<void> commit(EventLog& log, const Held& held, const std::string& output) {
  std::vector<OutputRecord> outputs;
  std::vector<Position> positions;
  for (const auto& [source, records] : held) {
    for (const auto& record : records) outputs.push_back({output, record.key, record.value, record.headers});
    positions.push_back({source, records.back().offset.next()});
  }
  return log.commit(outputs, positions);
}

int run(const std::vector<std::string>& words) {
  const KafkaOptions options{.brokers = words[0],
                             .client = {{"session.timeout.ms", words[5]}, {"heartbeat.interval.ms", "300"}},
                             .auto_offset_reset = "earliest",
                             .transactional_id = words[4],
                             .transaction_timeout = std::chrono::seconds(10),
                             .request_timeout = std::chrono::seconds(5)};
  auto log = make_kafka_event_log(options, words[1], words[3]);
  if (!log) {
    std::fprintf(stderr, "%s\n", log.error().text.c_str());
    return 2;
  }
  Held held;
  while (stop == 0) {
    auto polled = (*log)->poll({.records = kRecords, .wait = std::chrono::milliseconds(50)});
    if (!polled) std::fprintf(stderr, "%s\n", polled.error().text.c_str());
    if (!polled && polled.error().treatment == Treatment::fatal) return 1;
    if (polled) take(held, *polled);
    if (held.empty()) continue;
    const auto committed = commit(**log, held, words[2]);
    if (!committed) std::fprintf(stderr, "%s\n", committed.error().text.c_str());
    if (!committed && committed.error().treatment != Treatment::retry) return 1;
    if (!committed) continue;
    held.clear();
    std::printf("committed\n");
    std::fflush(stdout);
    std::this_thread::sleep_for(kPause);
  }
  (*log)->close();
  return 0;
}

}  // namespace
}  // namespace lernd

int main(int count, char** words) {
  if (count != 7) return 2;
  std::signal(SIGTERM, [](int) { lernd::stop = 1; });
  return lernd::run({words + 1, words + count});
}
