#include "app/runtime_options.h"

#include <fmt/format.h>

#include <iterator>

#include "jobs/registry.h"

namespace lernd {
namespace {

using Role = Option::Role;

Option text(std::string name, std::string default_value, std::string doc, Role role = Role::plain) {
  return {.name = std::move(name), .type = OptionType::text, .default_value = std::move(default_value), .doc = std::move(doc), .role = role};
}

Option flag(std::string name, bool default_value, std::string doc) {
  return {.name = std::move(name), .type = OptionType::boolean, .default_value = default_value ? "true" : "false", .doc = std::move(doc)};
}

Option count(std::string name, std::string default_value, std::string unit, double min, double max, std::string doc) {
  return {.name = std::move(name),
          .type = OptionType::integer,
          .default_value = std::move(default_value),
          .unit = std::move(unit),
          .doc = std::move(doc),
          .min = min,
          .max = max};
}

Option choice(std::string name, std::vector<std::string> choices, std::string doc) {
  return {.name = std::move(name), .default_value = choices.front(), .doc = std::move(doc), .choices = choices};
}

Option port(std::string name, std::string default_value, std::string doc) {
  return {.name = std::move(name),
          .type = OptionType::integer,
          .default_value = std::move(default_value),
          .doc = std::move(doc),
          .min = 1,
          .max = 65535,
          .role = Role::port};
}

Option hosts(std::string name, std::string default_value, std::string doc) {
  return {.name = std::move(name), .type = OptionType::list, .default_value = std::move(default_value), .doc = std::move(doc), .role = Role::host};
}

Option also_named(Option option, std::string alias) {
  option.aliases.push_back(std::move(alias));
  return option;
}

constexpr double kHourMs = 3'600'000;

void add(std::vector<Option>& to, std::vector<Option> more) { to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end())); }

std::vector<Option> place_options() {
  return {
      text("job.env", "local", "Name of the installation; stands for `{env}` in defaults."),
      also_named(hosts("kafka.broker-servers", "localhost:9092", "Kafka brokers as host:port, separated by commas."), "kafka.consumer.broker-servers"),
      choice("kafka.auto.offset.reset", {"", "earliest", "latest"},
             "Where a consumer group starts that has no position yet. Empty: `latest` on Kafka, `earliest` on the embedded file."),
      hosts("lms-cassandra.host", "localhost", "Cassandra (or YugabyteDB YCQL) contact points, separated by commas."),
      port("lms-cassandra.port", "9042", "Port of all contact points."),
      flag("lms-cassandra.isMultiDCEnabled", false, "Prefers nodes of the local data centre; see `lernd.cassandra.local_datacenter`."),
      text("redis.host", "localhost", "Redis server.", Role::host),
      port("redis.port", "6379", "Port of the Redis server."),
  };
}

std::string batch_doc() {
  std::string text = "Most records that are handled at once";
  for (const JobDescription& job : all_jobs()) {
    if (job.batch_records != JobDescription().batch_records) text += fmt::format("; {}: {}", job.name, job.batch_records);
  }
  return text + ".";
}

std::vector<Option> delivery_options(std::int64_t batch_records) {
  return {
      choice("lernd.delivery", {"exactly-once", "at-least-once"},
             "`at-least-once` does without the journal and Kafka transactions, for brokers that have none; after a crash, outputs may then be repeated or "
             "computed from rows "
             "that changed already."),
      count("lernd.workers", "1", "", 1, 64,
            "Workers of a job in this process. Each is one thread and one member of the consumer group, so more than there are partitions idle."),
      count("lernd.stall_limit_ms", "300000", "ms", 1000, kHourMs,
            "A worker that stays in one part of its round for longer is told of in the log, and `/health/live` asks for a restart."),
      choice("lernd.on_exhausted", {"stop", "dead-letter"},
             "What happens to a record whose retries are used up: the partition stops, or the record is parked."),
      count("lernd.retry.attempts_max", "8", "", 1, 1000, "Attempts at a record that meets faults which may pass; 1 tries once."),
      count("lernd.retry.delay_initial_ms", "200", "ms", 1, kHourMs,
            "Upper bound of the first pause between attempts; it doubles each time, with full jitter."),
      count("lernd.retry.delay_max_ms", "30000", "ms", 1, kHourMs, "Upper bound of any pause between attempts."),
      count("lernd.retry.budget_ms", "300000", "ms", 1, 24 * kHourMs, "Time after which a record's retries count as used up, however many there were."),
      count("lernd.breaker.failures_max", "5", "", 0, 1000,
            "So many failures of an HTTP service in a row, and it is left alone: partitions that need it wait, and no record is parked for it. 0: never."),
      count("lernd.breaker.pause_ms", "5000", "ms", 1, kHourMs, "Pause until a service that is left alone is tried again, with one call."),
      text("lernd.journal.table", "lernd_journal", "Table of the journal; a second one with `_piece` appended belongs to it. `lernd schema` prints both."),
      text("lernd.journal.keyspace", "", "Keyspace of the journal. Empty: that of the job's first table."),
      text("lernd.dead_letter_topic", "",
           "Topic for records that could not be done, with the reason in headers. Empty: the consumer group with `.dlq` appended.", Role::optional_topic),
      count("lernd.batch.records_max", std::to_string(batch_records), "records", 1, 100000, batch_doc()),
      count("lernd.batch.bytes_max", "4194304", "bytes", 1024, 1 << 30, "Most bytes that are handled at once; one record larger than that still is."),
      count("lernd.batch.wait_ms", "100", "ms", 1, 60000, "How long one look at an idle topic lasts."),
      count("lernd.batch.linger_ms", "1", "ms", 0, 60000, "How long a batch waits for more records once it has one."),
      count("lernd.record_bytes_max", "8388608", "bytes", 1, 1 << 30, "Larger records are not read but kept as dead letters."),
      count("lernd.reread_pause_ms", "100", "ms", 0, 60000, "Pause before a missing cache key is read once more: it may just have been in replacement."),
      count("lernd.drain_ms", "30000", "ms", 1, kHourMs,
            "How long the batch in hand may take to finish after SIGTERM or SIGINT; then the program stops early (exit 3)."),
      text("lernd.instance_id", "",
           "Name of this process among those of one group, the same after a restart (a pod of a StatefulSet, for example). It then takes its partitions back "
           "at once after a "
           "crash; when it leaves for good, others take them over after the session timeout. Empty: a new name each time; others take over at once when it "
           "leaves."),
      text("lernd.embedded.file", "",
           "SQLite file that takes the place of Kafka, Cassandra, Redis, search indices and HTTP services. Empty: the services are used."),
  };
}

std::vector<Option> face_options() {
  return {
      text("lernd.admin.address", "127.0.0.1:9464", "Address of `/metrics`, `/health/live`, `/health/ready` and `/jobs`; port 0 takes a free one, `off` none."),
      choice("lernd.log.level", {"info", "debug", "warning", "error"}, "Least important log lines that are written."),
      choice("lernd.log.format", {"auto", "json", "text"}, "`auto` writes text to a terminal and one JSON line per event elsewhere."),
  };
}

std::vector<Option> kafka_options() {
  return {
      count("lernd.kafka.transaction_timeout_ms", "15000", "ms", 1000, 900000,
            "Time after which the broker gives up a transaction of a worker that went away."),
      count("lernd.kafka.request_timeout_ms", "10000", "ms", 100, kHourMs, "Longest wait for an answer of the brokers."),
      text("lernd.kafka.client.*", "", "Any other setting of librdkafka, for example `lernd.kafka.client.security.protocol = SASL_SSL`."),
      text("lernd.kafka.client.sasl.password", "", "Password for SASL.", Role::secret),
      text("lernd.kafka.client.ssl.key.password", "", "Password of the client's private key.", Role::secret),
      text("lernd.kafka.client.ssl.keystore.password", "", "Password of the client's key store.", Role::secret),
  };
}

std::vector<Option> store_options() {
  return {
      text("lernd.cassandra.user", "", "User name; empty for no authentication."),
      text("lernd.cassandra.password", "", "Password of that user.", Role::secret),
      text("lernd.cassandra.local_datacenter", "",
           "Name of the data centre to prefer. Empty with `lms-cassandra.isMultiDCEnabled`: that of the first contact point."),
      flag("lernd.cassandra.tls", false, "Encrypts the connections."),
      text("lernd.cassandra.tls_ca_file", "", "PEM file with the certificates to trust. Empty: those of the system."),
      text("lernd.cassandra.tls_cert_file", "", "PEM file with the client's certificate, where the server asks for one."),
      text("lernd.cassandra.tls_key_file", "", "PEM file with the private key of that certificate."),
      flag("lernd.cassandra.tls_verify_host", true, "Checks that the certificate is that of the host."),
      count("lernd.cassandra.connect_timeout_ms", "5000", "ms", 1, kHourMs, "Longest wait for a connection."),
      count("lernd.cassandra.request_timeout_ms", "12000", "ms", 1, kHourMs, "Longest wait for an answer."),
      count("lernd.cassandra.requests_in_flight_max", "256", "", 1, 10000, "Most requests under way at once, per process."),
      count("lernd.cassandra.page_rows", "5000", "rows", 1, 100000, "Rows of a page; longer answers are read page by page."),
      count("lernd.cassandra.io_threads", "1", "", 1, 64, "Threads of the driver."),
      count("lernd.redis.connect_timeout_ms", "5000", "ms", 1, kHourMs, "Longest wait for a connection."),
      count("lernd.redis.request_timeout_ms", "10000", "ms", 1, kHourMs, "Longest wait for an answer."),
      count("lernd.redis.pipeline_max", "512", "", 1, 100000, "Most commands that are sent before their answers are read."),
      count("lernd.http.connect_timeout_ms", "3000", "ms", 1, kHourMs, "Longest wait for a connection to an HTTP service."),
      count("lernd.http.total_timeout_ms", "10000", "ms", 1, kHourMs, "Longest wait for a whole answer of an HTTP service."),
      count("lernd.http.in_flight_max", "32", "", 1, 1000, "Most calls under way at once to one HTTP service, per worker."),
      text("lernd.http.ca_file", "", "PEM file with the certificates to trust. Empty: those of the system."),
  };
}

}  // namespace

std::vector<Option> runtime_options(std::int64_t batch_records) {
  std::vector<Option> all = place_options();
  add(all, delivery_options(batch_records));
  add(all, face_options());
  add(all, kafka_options());
  add(all, store_options());
  return all;
}

std::vector<Option> search_options() {
  return {
      hosts("es.basePath", "localhost:9200",
            "Elasticsearch or OpenSearch servers of one cluster as host:port, separated by commas; the one that holds the indices of the LMS. Jobs that change "
            "no index do not read it."),
      text("lernd.es.user", "", "User name for these servers; empty for none."),
      text("lernd.es.password", "", "Password of that user.", Role::secret),
      text("lernd.es.api_key", "", "API key for these servers, as `id:key` or in the encoded form; stands in for user and password.", Role::secret),
      flag("lernd.es.tls", false, "Encrypts the connections."),
      text("lernd.es.ca_file", "", "PEM file with the certificates to trust. Empty: those of the system."),
      count("lernd.es.connect_timeout_ms", "3000", "ms", 1, kHourMs, "Longest wait for a connection."),
      count("lernd.es.request_timeout_ms", "60000", "ms", 1, kHourMs,
            "Longest wait for an answer. A change is answered when searches see it, so this must be more than the `refresh_interval` of the index."),
  };
}

std::vector<Option> credential_options(const std::string& endpoint) {
  return {
      text("lernd." + endpoint + ".user", "", "User name for the server at `" + endpoint + ".host`; empty for none or the default user."),
      text("lernd." + endpoint + ".password", "", "Password for that server.", Role::secret),
  };
}

std::vector<Option> ignored_options() {
  std::vector<Option> all;
  for (const auto* name : {"job.*", "task.*", "kafka.zookeeper", "kafka.producer.*", "kafka.consumer.*", "kafka.event.max.size",
                           "kafka.output.system.event.topic", "redis.connection.*", "redis-meta.*", "redisdb.*", "es.*", "neo4j.*", "ml-mongo.*", "schema.*",
                           "cloud_storage_*", "media_download_duration", "sunbird_instance_name"}) {
    all.push_back({.name = name, .doc = "Without effect.", .role = Role::ignored});
  }
  return all;
}

}  // namespace lernd
