#include "fault/reconciliation_world.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <random>
#include <regex>

#include "app/demo/fill.h"
#include "app/line_log.h"
#include "app/resolve.h"
#include "core/plan_json.h"
#include "jobs/registry.h"
#include "support/services.h"

namespace lernd {
namespace {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

OptionValues resolved(const JobDescription& job, std::map<std::string, std::string> set) {
  auto options = resolve_options(options_for(job), {.set = std::move(set)});
  for (const Fault& fault : options.faults) ADD_FAILURE() << fault.text();
  return options.values;
}

std::map<std::string, std::string> settings(const Servers& servers, const std::string& name) {
  return {
      {"job.env", name},
      {"kafka.broker-servers", servers.kafka()},
      {"kafka.auto.offset.reset", "earliest"},
      {"lms-cassandra.host", servers.cassandra().host},
      {"lms-cassandra.port", fmt::format("{}", servers.cassandra().port)},
      {"lms-cassandra.keyspace", name},
      {"redis.host", servers.redis().host},
      {"redis.port", fmt::format("{}", servers.redis().port)},
      {"lernd.batch.records_max", "40"},
      // A process that was killed must not be waited for longer than this.
      {"lernd.kafka.client.session.timeout.ms", "6000"},
      {"lernd.retry.attempts_max", "1000"},
      {"lernd.retry.delay_max_ms", "500"},
  };
}

/// Times and generated ids differ from run to run by nature.
std::string masked(std::string text) {
  static const std::regex uuid_after_mark(R"re((LP\.(AUDIT\.)?)[0-9.]*[0-9a-f]{8}-[0-9a-f-]{27})re");
  static const std::regex generated(R"re("(sid|did)":"[0-9a-f-]{36}")re");
  static const std::regex now(R"re("(ets|syncts)":[0-9]+)re");
  text = std::regex_replace(text, uuid_after_mark, "$1*");
  text = std::regex_replace(text, generated, "\"$1\":*");
  return std::regex_replace(text, now, "\"$1\":*");
}

std::string row_text(const std::string& table, const Rows& rows, std::size_t index) {
  std::string text = table;
  for (const std::string& column : rows.columns()) {
    const bool time = column == "datetime" || column == "completedon" || column == "agg_last_updated";
    const Value& value = rows[index][column];
    text += fmt::format(" {}={}", column, time && !value.is_null() ? "*" : describe(value));
  }
  return text;
}

Effects effects_on(const JobDescription& job, const OptionValues& values, lernd::Services& services) {
  Effects effects;
  const auto ports = must(services.open());
  for (const TableUse& use : job.tables(values)) {
    std::vector<std::string> columns;
    for (const Column& column : use.shape.columns) columns.push_back(column.name);
    const RowsQuery all{use.shape.name, columns, {}};
    const Rows rows = must(std::move(ports.tables->read(std::span(&all, 1)).front()));
    for (std::size_t i = 0; i < rows.size(); ++i) effects.rows.push_back(row_text(use.shape.name.table, rows, i));
  }
  std::ranges::sort(effects.rows);
  const auto topics = must(services.open_topics());
  std::vector<std::string> options = job.output_topic_options;
  for (const std::string& option : options) {
    for (const Record& record : must(topics->read({values.text(option), 0}, {0}, 1'000'000))) effects.records[option].push_back(masked(*record.value));
    std::ranges::sort(effects.records[option]);
  }
  for (const Record& record : must(topics->read({dead_letter_topic(job, values), 0}, {0}, 1'000'000))) {
    effects.records["dead letters"].push_back(record.value.value_or("(null)"));
  }
  std::ranges::sort(effects.records["dead letters"]);
  return effects;
}

/// Requests that are not all for this job, so that skips and dead letters are part of the comparison.
std::vector<std::string> with_noise(std::vector<std::string> requests) {
  for (std::size_t i = 5; i < requests.size(); i += 17) requests[i] = "{\"edata\":{\"action\":\"another\"}}";
  for (std::size_t i = 9; i < requests.size(); i += 31) requests[i] = fmt::format("not json {}", i);
  return requests;
}

}  // namespace

ReconciliationWorld::ReconciliationWorld(std::uint64_t seed, std::size_t learners, std::size_t requests, int partitions)
    : folder_(std::filesystem::temp_directory_path() / fmt::format("lernd-fault-{}-{:x}", ::getpid(), std::random_device{}())),
      school_(demo::make_school(seed, learners)),
      requests_(with_noise(demo::sync_requests(school_, requests, seed))),
      job_(*find_job("enrolment-reconciliation")),
      log_(make_line_log(LogLevel::error, LogFormat::text)) {
  std::filesystem::create_directories(folder_);
  const Servers servers = Servers::from_environment();
  const std::string name = fmt::format("fault_{:08x}", std::random_device{}());
  const auto set = settings(servers, name);
  values_ = resolved(job_, set);
  services_ = make_services(job_, values_, *log_);
  const std::string& topic = values_.text(job_.input_topic_option);
  const auto topics = must(services_->open_topics());
  must(topics->create(topic, partitions));
  must(demo::fill(job_, values_, *services_, school_, {}));
  std::vector<std::vector<OutputRecord>> spread(static_cast<std::size_t>(partitions));
  for (const std::string& request : requests_) {
    // By learner, as a producer with keys would: requests of one enrolment stay in order.
    const auto at = request.find("\"userId\":");
    const auto user = at == std::string::npos ? request : request.substr(at, 50);
    spread[std::hash<std::string>{}(user) % spread.size()].push_back({.topic = topic, .value = request});
  }
  for (std::size_t i = 0; i < spread.size(); ++i) must(topics->produce(spread[i], static_cast<int>(i)));
  std::ofstream file(folder_ / "job.conf");
  for (const auto& [key, value] : set) file << key << " = \"" << value << "\"\n";
}

ReconciliationWorld::~ReconciliationWorld() {
  if (auto ports = services_->open()) {
    if (auto dropped = ports->tables->drop_keyspace(values_.text("lms-cassandra.keyspace")); !dropped) ADD_FAILURE() << dropped.error().text;
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Process ReconciliationWorld::start(std::map<std::string, std::string> environment, const std::string& instance) {
  return Process(
      {.words = {LERND_BINARY, "run", job_.name, "--config", (folder_ / "job.conf").string(), "--set", "lernd.instance_id=" + instance, "--until-end"},
       .environment = std::move(environment)});
}

Effects ReconciliationWorld::effects() { return effects_on(job_, values_, *services_); }

Effects ReconciliationWorld::undisturbed() const {
  const std::string file = (folder_ / "calm.sqlite").string();
  std::filesystem::remove(file);
  const auto values = resolved(job_, {{"job.env", values_.text("job.env")},
                                      {"lms-cassandra.keyspace", values_.text("lms-cassandra.keyspace")},
                                      {"kafka.auto.offset.reset", "earliest"},
                                      {"lernd.embedded.file", file}});
  const auto services = make_embedded_services(file, job_, values);
  must(demo::fill(job_, values, *services, school_, requests_));
  const auto finished =
      run({.words = {LERND_BINARY, "run", job_.name, "--embedded", file, "--set", "job.env=" + values.text("job.env"), "--set",
                     "lms-cassandra.keyspace=" + values.text("lms-cassandra.keyspace"), "--set", "kafka.auto.offset.reset=earliest", "--until-end"}});
  EXPECT_EQ(finished.code, 0) << finished.err;
  return effects_on(job_, values, *services);
}

}  // namespace lernd
