#include "output_watch.h"

#include <charconv>

#include "adapters/kafka/kafka_log.h"
#include "support/must.h"

namespace lernd::bench {

OutputWatch::OutputWatch(const std::string& brokers, const std::string& topic)
    : topic_(topic), log_(must(make_kafka_event_log({.brokers = brokers, .auto_offset_reset = "earliest", .transactional = false}, topic, topic + ".watch"))) {}

OutputWatch::~OutputWatch() { log_->close(); }

std::size_t OutputWatch::look(std::chrono::milliseconds wait) {
  const Polled polled = must(log_->poll({.records = 10'000, .wait = wait, .linger = std::chrono::milliseconds(0)}));
  for (const RecordBatch& batch : polled.batches) {
    for (const Record& record : batch.records) note(record);
  }
  return seen_;
}

std::size_t OutputWatch::about(Part part, std::size_t item) const {
  const auto& counts = counts_[static_cast<std::size_t>(part)];
  const auto found = counts.find(item);
  return found == counts.end() ? 0 : found->second;
}

void OutputWatch::note(const Record& record) {
  const std::string_view text = record.value ? std::string_view(*record.value) : std::string_view();
  for (const Part part : {Part::backlog, Part::idle}) {
    const std::string_view prefix = user_prefix(part);
    const auto at = text.find(prefix);
    if (at == std::string_view::npos) continue;
    const std::string_view digits = text.substr(at + prefix.size());
    std::size_t item = 0;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), item).ec != std::errc()) continue;
    ++counts_[static_cast<std::size_t>(part)][item];
    if (part == Part::backlog) ++seen_;
    return;
  }
  ++strange_;
}

}  // namespace lernd::bench
