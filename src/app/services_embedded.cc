#include "adapters/embedded/database.h"
#include "adapters/embedded/embedded_cache.h"
#include "adapters/embedded/embedded_event_log.h"
#include "adapters/embedded/embedded_http_client.h"
#include "adapters/embedded/embedded_search_index.h"
#include "adapters/embedded/embedded_table_scan.h"
#include "adapters/embedded/embedded_table_store.h"
#include "adapters/embedded/embedded_topic_admin.h"
#include "app/services.h"
#include "app/system_clock.h"

namespace lernd {
namespace {

class EmbeddedServices final : public Services {
 public:
  EmbeddedServices(std::string path, std::shared_ptr<EmbeddedDatabase> shared, const JobDescription& job, const OptionValues& values)
      : path_(std::move(path)), shared_(std::move(shared)), with_search_(!job.indices.empty()), breaker_(breaker_options(values)) {
    log_.topic = values.text(job.input_topic_option);
    log_.group = values.text(job.group_option);
    if (values.text("kafka.auto.offset.reset") == "latest") log_.reset = EmbeddedLogOptions::Reset::latest;
  }

  Result<Ports> open_worker(int) override {
    auto database = connect();
    if (!database) return std::unexpected(database.error());
    Ports ports = ports_on(*database);
    ports.events = make_embedded_event_log(*database, log_);
    ports.http = std::make_unique<CircuitBreaker>(std::move(ports.http), breaker_, *clock_);
    return ports;
  }

  Result<Ports> open() override {
    auto database = connect();
    if (!database) return std::unexpected(database.error());
    return ports_on(*database);
  }

  Result<std::unique_ptr<TableStore>> open_tables() override { return on_database(make_embedded_table_store); }
  Result<std::unique_ptr<Cache>> open_cache() override { return on_database(make_embedded_cache); }
  Result<std::unique_ptr<HttpClient>> open_http() override { return on_database(make_embedded_http_client); }
  Result<std::unique_ptr<SearchIndex>> open_search() override { return on_database(make_embedded_search_index); }
  Result<std::unique_ptr<TopicAdmin>> open_topics() override { return on_database(make_embedded_topic_admin); }

  Result<std::unique_ptr<TableScan>> open_scan() override { return on_database(make_embedded_table_scan); }

  bool embedded() const override { return true; }

 private:
  Ports ports_on(const std::shared_ptr<EmbeddedDatabase>& database) const {
    return {make_embedded_table_store(database), make_embedded_cache(database), make_embedded_http_client(database), nullptr,
            with_search_ ? make_embedded_search_index(database) : nullptr};
  }

  Result<std::shared_ptr<EmbeddedDatabase>> connect() { return shared_ ? shared_ : EmbeddedDatabase::open(path_); }

  template <class Port>
  Result<std::unique_ptr<Port>> on_database(std::unique_ptr<Port> (*make)(std::shared_ptr<EmbeddedDatabase>)) {
    auto database = connect();
    if (!database) return std::unexpected(database.error());
    return make(std::move(*database));
  }

  const std::string path_;
  const std::shared_ptr<EmbeddedDatabase> shared_;  ///< null when every worker has a connection of its own
  const bool with_search_;                          ///< the job has indices
  EmbeddedLogOptions log_;
  const BreakerOptions breaker_;
  const std::unique_ptr<Clock> clock_ = make_system_clock();
};

}  // namespace

std::unique_ptr<Services> make_embedded_services(const std::string& path, const JobDescription& job, const OptionValues& values) {
  return std::make_unique<EmbeddedServices>(path, nullptr, job, values);
}

std::unique_ptr<Services> make_embedded_services(std::shared_ptr<EmbeddedDatabase> database, const JobDescription& job, const OptionValues& values) {
  return std::make_unique<EmbeddedServices>("", std::move(database), job, values);
}

}  // namespace lernd
