#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/job.h"
#include "ports/cache.h"
#include "ports/clock.h"
#include "ports/event_log.h"
#include "ports/http_client.h"
#include "ports/log.h"
#include "ports/metrics.h"
#include "ports/search_index.h"
#include "ports/table_store.h"
#include "runtime/retry.h"

namespace lernd {

enum class OnExhausted { stop, dead_letter };

struct WorkerOptions {
  std::string job;                ///< name, for metrics and messages
  std::string group;              ///< consumer group, part of the journal's key
  std::string dead_letter_topic;  ///< `<group>.dlq`
  TableName journal;              ///< the table of the journal; unused when `journalled` is false
  bool journalled = true;         ///< false for delivery = at-least-once and for replayable jobs
  PollLimits poll;
  std::size_t record_bytes_max = 8u << 20;
  RetryOptions retry;
  OnExhausted on_exhausted = OnExhausted::stop;
  std::chrono::milliseconds breaker_pause{5000};  ///< until a service that is held to be away is asked again
  std::chrono::milliseconds reread_pause{100};    ///< before a cache key that was missing is read once more
  bool until_end = false;                         ///< stop when everything that was in the topic at start is done
  std::string version;                            ///< of the program, for dead letters
};

/// The ports of one worker. All are owned by the caller, outlive the worker and are used by its thread only, except clock, metrics and log.
struct WorkerPorts {
  EventLog& events;
  TableStore& tables;
  Cache& cache;
  HttpClient& http;
  Clock& clock;
  Metrics& metrics;
  Log& log;
  SearchIndex* search = nullptr;  ///< null for a job without indices
};

/// What a worker shows of itself; a copy, taken at any time from any thread.
struct WorkerStatus {
  struct Partition {
    TopicPartition source;
    std::int64_t lag = 0;
    bool paused = false;   ///< waiting to meet a fault again
    bool stopped = false;  ///< its retries are used up; needs an operator
  };
  std::vector<Partition> partitions;
  std::uint64_t records_done = 0;
  std::optional<std::int64_t> records_at_start;  ///< lag of the whole topic when the worker began; for progress bars
  double records_per_second = 0;                 ///< over the last seconds
  std::string last_error;                        ///< empty when there was none
  bool waiting_for_service = false;              ///< the last round failed for a fault that may pass
  std::string_view doing;                        ///< the part of its round it is in; empty before `run` and after it
  std::chrono::steady_clock::time_point since;   ///< when that part began
};

/// Takes records from an event log through decode, ask, plan, journal, apply and commit, until it is told to stop.
///
/// One worker is one thread; `run` blocks. A stop request drains: the batch in hand is finished and committed, then the group is left. A fault that may pass
/// pauses only the partition that met it. Returns an error for a fatal fault, and when every partition it had is stopped.
///
/// Source: design.md sections 1, 3, 4 and 5.
class Worker {
 public:
  Worker(const Job& job, WorkerPorts ports, WorkerOptions options);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  Result<void> run(std::stop_token stop);
  WorkerStatus status() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

/// The tables the runtime itself needs in the store: the journal's two. `name` is the main one, the other has `_piece` appended.
std::vector<TableSchema> journal_tables(const TableName& name);

}  // namespace lernd
