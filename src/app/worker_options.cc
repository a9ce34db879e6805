#include "app/services.h"
#include "app/version.h"

namespace lernd {
namespace {

std::chrono::milliseconds milliseconds(const OptionValues& values, std::string_view option) { return std::chrono::milliseconds(values.integer(option)); }
std::size_t size(const OptionValues& values, std::string_view option) { return static_cast<std::size_t>(values.integer(option)); }

}  // namespace

bool is_journalled(const JobDescription& job, const OptionValues& values) { return !job.replayable && values.text("lernd.delivery") == "exactly-once"; }

TableName journal_table(const JobDescription& job, const OptionValues& values) {
  TableName name{values.text("lernd.journal.keyspace"), values.text("lernd.journal.table")};
  if (name.keyspace.empty()) {
    const auto tables = job.tables(values);
    name.keyspace = tables.empty() ? "lernd" : tables.front().shape.name.keyspace;
  }
  return name;
}

std::string dead_letter_topic(const JobDescription& job, const OptionValues& values) {
  const auto& topic = values.text("lernd.dead_letter_topic");
  return topic.empty() ? values.text(job.group_option) + ".dlq" : topic;
}

BreakerOptions breaker_options(const OptionValues& values) {
  return {.failures_max = static_cast<int>(values.integer("lernd.breaker.failures_max")), .pause = milliseconds(values, "lernd.breaker.pause_ms")};
}

WorkerOptions worker_options(const JobDescription& job, const OptionValues& values, bool until_end) {
  WorkerOptions options;
  options.job = job.name;
  options.group = values.text(job.group_option);
  options.dead_letter_topic = dead_letter_topic(job, values);
  options.journal = journal_table(job, values);
  options.journalled = is_journalled(job, values);
  options.poll = {.records = size(values, "lernd.batch.records_max"),
                  .bytes = size(values, "lernd.batch.bytes_max"),
                  .wait = milliseconds(values, "lernd.batch.wait_ms"),
                  .linger = milliseconds(values, "lernd.batch.linger_ms")};
  options.record_bytes_max = size(values, "lernd.record_bytes_max");
  options.retry = {.attempts_max = static_cast<int>(values.integer("lernd.retry.attempts_max")),
                   .delay_initial = milliseconds(values, "lernd.retry.delay_initial_ms"),
                   .delay_max = milliseconds(values, "lernd.retry.delay_max_ms"),
                   .budget = milliseconds(values, "lernd.retry.budget_ms")};
  options.on_exhausted = values.text("lernd.on_exhausted") == "stop" ? OnExhausted::stop : OnExhausted::dead_letter;
  options.breaker_pause = breaker_options(values).pause;
  options.reread_pause = milliseconds(values, "lernd.reread_pause_ms");
  options.until_end = until_end;
  options.version = kVersion;
  return options;
}

}  // namespace lernd
