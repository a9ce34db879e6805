#pragma once

#include <memory>
#include <string>

#include "adapters/embedded/database.h"
#include "core/job_description.h"
#include "core/options.h"
#include "ports/cache.h"
#include "ports/event_log.h"
#include "ports/http_client.h"
#include "ports/log.h"
#include "ports/search_index.h"
#include "ports/table_scan.h"
#include "ports/table_store.h"
#include "runtime/circuit_breaker.h"
#include "runtime/worker.h"

namespace lernd {

/// The ports that one worker or one command uses, from one thread. `events` is null for a command, which is no member of a group.
struct Ports {
  std::unique_ptr<TableStore> tables;
  std::unique_ptr<Cache> cache;
  std::unique_ptr<HttpClient> http;
  std::unique_ptr<EventLog> events;
  std::unique_ptr<SearchIndex> search = nullptr;  ///< null for a job without indices
};

/// What a job runs on: the embedded file, or Kafka, Cassandra, Redis, search indices and HTTP services. The one place where adapters and options meet.
///
/// May be called from any thread.
/// Errors  `retry` while a service is away, `fatal` for an option that cannot be right; the text names it.
class Services {
 public:
  virtual ~Services() = default;

  /// Ports of a worker of this process; `index` counts them from 0.
  virtual Result<Ports> open_worker(int index) = 0;
  /// Ports of a command; they may be used together.
  virtual Result<Ports> open() = 0;

  // One port alone, for whoever wants to know of each service by itself.
  virtual Result<std::unique_ptr<TableStore>> open_tables() = 0;
  virtual Result<std::unique_ptr<Cache>> open_cache() = 0;
  virtual Result<std::unique_ptr<HttpClient>> open_http() = 0;
  /// Of a job with indices.
  virtual Result<std::unique_ptr<SearchIndex>> open_search() = 0;
  virtual Result<std::unique_ptr<TopicAdmin>> open_topics() = 0;
  /// Also of tables that the job does not use itself.
  virtual Result<std::unique_ptr<TableScan>> open_scan() = 0;

  /// True when there is no service that could be away.
  virtual bool embedded() const = 0;
};

/// `values` are those of `options_for(job)` without a fault. `log` outlives the services.
std::unique_ptr<Services> make_services(const JobDescription& job, const OptionValues& values, Log& log);

/// Kafka, Cassandra, Redis, search indices and HTTP services. Where this program was built without them, every call says so.
std::unique_ptr<Services> make_real_services(const JobDescription& job, const OptionValues& values, Log& log);
/// Everything on the SQLite file `path`; every worker has a connection of its own.
std::unique_ptr<Services> make_embedded_services(const std::string& path, const JobDescription& job, const OptionValues& values);
/// Everything on one connection, for a database in memory: all ports then belong to one thread.
std::unique_ptr<Services> make_embedded_services(std::shared_ptr<EmbeddedDatabase> database, const JobDescription& job, const OptionValues& values);

/// How a worker of the job is to work, by its options.
WorkerOptions worker_options(const JobDescription& job, const OptionValues& values, bool until_end);

/// When a worker leaves an HTTP service alone, by the options. Commands have no breaker: they want to know at once.
BreakerOptions breaker_options(const OptionValues& values);

/// Whether the job has a journal: not with at-least-once delivery, and not when it is replayable.
bool is_journalled(const JobDescription& job, const OptionValues& values);
/// The journal's main table, by the options.
TableName journal_table(const JobDescription& job, const OptionValues& values);
/// The topic for dead letters, by the options.
std::string dead_letter_topic(const JobDescription& job, const OptionValues& values);

}  // namespace lernd
