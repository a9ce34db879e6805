#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <mutex>
#include <optional>
#include <random>

#include "adapters/cassandra/cassandra_scan.h"
#include "adapters/cassandra/cassandra_store.h"
#include "adapters/elasticsearch/elasticsearch_index.h"
#include "adapters/http/curl_client.h"
#include "adapters/kafka/kafka_log.h"
#include "adapters/redis/redis_cache.h"
#include "app/no_tables.h"
#include "app/services.h"
#include "app/system_clock.h"
#include "app/version.h"

namespace lernd {
namespace {

/// Bulks that one worker has under way. A server takes each apart and works on all of it at once.
constexpr int kSearchRequestsMax = 8;

std::chrono::milliseconds milliseconds(const OptionValues& values, std::string_view option) { return std::chrono::milliseconds(values.integer(option)); }
int number(const OptionValues& values, std::string_view option) { return static_cast<int>(values.integer(option)); }

/// A name that no other process has: two of one name would fence each other off.
std::string own_instance_id() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host.front() = '\0';
  return fmt::format("{}-{}-{:08x}", host.data(), ::getpid(), std::random_device()());
}

/// What the Kafka client itself has to say. While a broker is away each of its connections says so several times a second; whoever meets the fault reports it,
/// so now and then is enough here. May be called from any thread.
class KafkaLines {
 public:
  explicit KafkaLines(Log& log) : log_(log) {}

  void write(std::string_view level, std::string_view text) {
    const auto important = level == "error" ? LogLevel::warning : level == "warning" ? LogLevel::info : LogLevel::debug;
    log_.write(important == LogLevel::debug || is_due() ? important : LogLevel::debug, "from the Kafka client", {{"text", std::string(text)}});
  }

 private:
  static constexpr std::chrono::seconds kEvery{10};

  bool is_due() {
    const auto now = std::chrono::steady_clock::now();
    const std::scoped_lock lock(mutex_);
    if (now < due_) return false;
    due_ = now + kEvery;
    return true;
  }

  Log& log_;
  std::mutex mutex_;  ///< guards `due_`
  std::chrono::steady_clock::time_point due_{};
};

KafkaOptions kafka_options(const OptionValues& values, Log& log) {
  KafkaOptions options;
  options.brokers = values.text("kafka.broker-servers");
  options.client = values.below("lernd.kafka.client");
  std::erase_if(options.client, [](const auto& setting) { return setting.second.empty(); });
  options.auto_offset_reset = values.text("kafka.auto.offset.reset");
  options.transactional = values.text("lernd.delivery") == "exactly-once";
  options.transaction_timeout = milliseconds(values, "lernd.kafka.transaction_timeout_ms");
  options.request_timeout = milliseconds(values, "lernd.kafka.request_timeout_ms");
  options.on_log = [lines = std::make_shared<KafkaLines>(log)](std::string_view level, std::string_view text) { lines->write(level, text); };
  return options;
}

CassandraOptions cassandra_options(const OptionValues& values) {
  CassandraOptions options;
  options.hosts = values.list("lms-cassandra.host");
  options.port = number(values, "lms-cassandra.port");
  options.user = values.text("lernd.cassandra.user");
  options.password = values.text("lernd.cassandra.password");
  options.local_datacenter = values.text("lernd.cassandra.local_datacenter");
  options.prefer_local_datacenter = values.boolean("lms-cassandra.isMultiDCEnabled");
  options.tls = values.boolean("lernd.cassandra.tls");
  options.tls_ca_file = values.text("lernd.cassandra.tls_ca_file");
  options.tls_cert_file = values.text("lernd.cassandra.tls_cert_file");
  options.tls_key_file = values.text("lernd.cassandra.tls_key_file");
  options.tls_verify_host = values.boolean("lernd.cassandra.tls_verify_host");
  options.connect_timeout = milliseconds(values, "lernd.cassandra.connect_timeout_ms");
  options.request_timeout = milliseconds(values, "lernd.cassandra.request_timeout_ms");
  options.requests_in_flight_max = number(values, "lernd.cassandra.requests_in_flight_max");
  options.page_rows = number(values, "lernd.cassandra.page_rows");
  options.io_threads = number(values, "lernd.cassandra.io_threads");
  return options;
}

RedisOptions redis_options(const JobDescription& job, const OptionValues& values) {
  RedisOptions options;
  for (const auto& cache : job.caches(values)) {
    const auto& endpoint = cache.endpoint;
    options.endpoints[endpoint] = {values.text(endpoint + ".host"), number(values, endpoint + ".port"), values.text("lernd." + endpoint + ".user"),
                                   values.text("lernd." + endpoint + ".password")};
  }
  options.connect_timeout = milliseconds(values, "lernd.redis.connect_timeout_ms");
  options.request_timeout = milliseconds(values, "lernd.redis.request_timeout_ms");
  options.pipeline_max = number(values, "lernd.redis.pipeline_max");
  return options;
}

HttpOptions http_options(const OptionValues& values) {
  HttpOptions options;
  options.connect_timeout = milliseconds(values, "lernd.http.connect_timeout_ms");
  options.total_timeout = milliseconds(values, "lernd.http.total_timeout_ms");
  options.in_flight_max = number(values, "lernd.http.in_flight_max");
  options.ca_file = values.text("lernd.http.ca_file");
  options.user_agent = fmt::format("lernd/{}", kVersion);
  return options;
}

/// What it takes to reach the search indices of a job.
struct SearchOptions {
  ElasticsearchOptions index;
  HttpOptions http;
};

std::optional<SearchOptions> search_access(const JobDescription& job, const OptionValues& values) {
  if (job.indices.empty()) return std::nullopt;
  SearchOptions options;
  options.index.servers = values.list("es.basePath");
  options.index.tls = values.boolean("lernd.es.tls");
  options.index.user = values.text("lernd.es.user");
  options.index.password = values.text("lernd.es.password");
  options.index.api_key = values.text("lernd.es.api_key");
  options.http.connect_timeout = milliseconds(values, "lernd.es.connect_timeout_ms");
  options.http.total_timeout = milliseconds(values, "lernd.es.request_timeout_ms");
  options.http.in_flight_max = kSearchRequestsMax;
  options.http.ca_file = values.text("lernd.es.ca_file");
  options.http.ca_option = "lernd.es.ca_file";
  options.http.user_agent = fmt::format("lernd/{}", kVersion);
  return options;
}

class RealServices final : public Services {
 public:
  RealServices(const JobDescription& job, const OptionValues& values, Log& log)
      : topic_(values.text(job.input_topic_option)),
        group_(values.text(job.group_option)),
        stable_(!values.text("lernd.instance_id").empty()),
        instance_(!stable_ ? own_instance_id() : values.text("lernd.instance_id")),
        with_tables_(!job.tables(values).empty() || is_journalled(job, values)),
        kafka_(kafka_options(values, log)),
        cassandra_(cassandra_options(values)),
        redis_(redis_options(job, values)),
        http_(http_options(values)),
        search_(search_access(job, values)),
        breaker_(breaker_options(values)) {}

  Result<Ports> open_worker(int index) override {
    auto ports = open();
    if (!ports) return ports;
    KafkaOptions kafka = kafka_;
    kafka.transactional_id = fmt::format("{}-{}-{}", group_, instance_, index);
    if (stable_) kafka.group_instance_id = fmt::format("{}-{}", instance_, index);
    auto events = make_kafka_event_log(kafka, topic_, group_);
    if (!events) return std::unexpected(events.error());
    ports->events = std::move(*events);
    ports->http = guarded(std::move(ports->http));
    if (search_) ports->search = make_elasticsearch_index(search_->index, guarded(make_curl_client(search_->http)));
    return ports;
  }

  Result<Ports> open() override {
    auto tables = open_tables();
    if (!tables) return std::unexpected(tables.error());
    return Ports{std::move(*tables), make_redis_cache(redis_), make_curl_client(http_), nullptr, search_ ? make_search(*search_) : nullptr};
  }

  Result<std::unique_ptr<TableStore>> open_tables() override {
    if (!with_tables_) return make_no_tables();
    auto session = connected();
    if (!session) return std::unexpected(session.error());
    return make_cassandra_store(std::move(*session));
  }

  Result<std::unique_ptr<TableScan>> open_scan() override {
    auto session = connected();
    if (!session) return std::unexpected(session.error());
    return make_cassandra_scan(std::move(*session));
  }

  Result<std::unique_ptr<Cache>> open_cache() override { return make_redis_cache(redis_); }
  Result<std::unique_ptr<HttpClient>> open_http() override { return make_curl_client(http_); }
  Result<std::unique_ptr<SearchIndex>> open_search() override {
    if (search_) return make_search(*search_);
    return fail(Treatment::fatal, ErrorCode::internal, "the job has no search indices");
  }
  Result<std::unique_ptr<TopicAdmin>> open_topics() override { return make_kafka_topic_admin(kafka_); }
  bool embedded() const override { return false; }

 private:
  std::unique_ptr<HttpClient> guarded(std::unique_ptr<HttpClient> http) const { return std::make_unique<CircuitBreaker>(std::move(http), breaker_, *clock_); }
  static std::unique_ptr<SearchIndex> make_search(const SearchOptions& options) {
    return make_elasticsearch_index(options.index, make_curl_client(options.http));
  }
  /// One session serves all workers; whoever comes first connects.
  Result<std::shared_ptr<CassandraSession>> connected() {
    const std::scoped_lock lock(mutex_);
    if (!session_) {
      auto session = connect_cassandra(cassandra_);
      if (!session) return std::unexpected(session.error());
      session_ = std::move(*session);
    }
    return session_;
  }

  const std::string topic_;
  const std::string group_;
  const bool stable_;  ///< the process comes back under the same name
  const std::string instance_;
  const bool with_tables_;  ///< the job or its journal has tables; without them no Cassandra need be there
  const KafkaOptions kafka_;
  const CassandraOptions cassandra_;
  const RedisOptions redis_;
  const HttpOptions http_;
  const std::optional<SearchOptions> search_;
  const BreakerOptions breaker_;
  const std::unique_ptr<Clock> clock_ = make_system_clock();
  std::mutex mutex_;  ///< guards `session_`
  std::shared_ptr<CassandraSession> session_;
};

}  // namespace

std::unique_ptr<Services> make_real_services(const JobDescription& job, const OptionValues& values, Log& log) {
  return std::make_unique<RealServices>(job, values, log);
}

}  // namespace lernd
