#include "output_watch.h"

#include "adapters/kafka/kafka_log.h"
#include "support/must.h"

namespace lernd::bench {

OutputWatch::OutputWatch(const std::string& brokers, const std::string& topic)
    : log_(must(make_kafka_event_log({.brokers = brokers, .auto_offset_reset = "earliest", .transactional = false}, topic, topic + ".watch"))) {}

OutputWatch::~OutputWatch() { log_->close(); }

std::size_t OutputWatch::look(std::chrono::milliseconds wait) {
  const Polled polled = must(log_->poll({.records = 10'000, .wait = wait, .linger = std::chrono::milliseconds(0)}));
  for (const RecordBatch& batch : polled.batches) seen_ += batch.records.size();
  return seen_;
}

}  // namespace lernd::bench
