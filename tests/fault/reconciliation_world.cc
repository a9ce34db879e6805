#include "fault/reconciliation_world.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <random>
#include <regex>
#include <set>

#include "app/demo/messages.h"
#include "app/line_log.h"
#include "app/resolve.h"
#include "app/system_clock.h"
#include "core/plan_json.h"
#include "jobs/registry.h"
#include "support/must.h"
#include "support/ready_school.h"
#include "support/services.h"

namespace lernd {
namespace {

OptionValues resolved(const JobDescription& job, std::map<std::string, std::string> set) {
  auto options = resolve_options(options_for(job), {.set = std::move(set)});
  for (const Fault& fault : options.faults) ADD_FAILURE() << fault.text();
  return options.values;
}

constexpr const char* kBase = "base-config.conf";
constexpr std::array<std::string_view, 4> kBaseKeys{"job.", "kafka.broker-servers", "lms-cassandra.host", "redis."};

std::map<std::string, std::string> service_settings(const Servers& servers) {
  return {
      {"kafka.broker-servers", servers.kafka()},
      {"lms-cassandra.host", servers.cassandra().host},
      {"lms-cassandra.port", fmt::format("{}", servers.cassandra().port)},
      {"redis.host", servers.redis().host},
      {"redis.port", fmt::format("{}", servers.redis().port)},
      // Not that of the job's default: `lernd test` wants that one empty.
      {"redis.database.relationCache.id", "11"},
      // A process that was killed must not be waited for longer than this.
      {"lernd.kafka.client.session.timeout.ms", "6000"},
  };
}

std::map<std::string, std::string> settings(const WorldOptions& options, const std::string& file) {
  const std::string name = fmt::format("fault_{:08x}", std::random_device{}());
  std::map<std::string, std::string> set = options.set;
  set.merge(std::map<std::string, std::string>{
      {"job.env", name},
      {"kafka.auto.offset.reset", "earliest"},
      {"lms-cassandra.keyspace", name},
      {"lernd.batch.records_max", "40"},
      {"lernd.retry.attempts_max", "1000"},
      {"lernd.retry.delay_max_ms", "500"},
  });
  set.merge(options.embedded ? std::map<std::string, std::string>{{"lernd.embedded.file", file}} : service_settings(Servers::from_environment()));
  return set;
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

/// Tables, journal, relation sets, topics that are missing, and the school.
void fill(const JobDescription& job, const OptionValues& values, lernd::Services& services, const demo::School& school) {
  const auto ports = must(services.open());
  std::vector<TableSchema> tables = journal_tables(journal_table(job, values));
  for (const TableUse& use : job.tables(values)) tables.push_back(use.shape);
  for (const TableSchema& table : tables) must(ports.tables->create(table));
  for (const demo::Course& course : school.courses) {
    const CacheGroup sets = relation_sets(course, job.caches(values).front());
    must(std::move(ports.cache->write(std::span(&sets, 1)).front()));
  }
  const auto table = [&](const char* option) { return TableName{values.text("lms-cassandra.keyspace"), values.text(option)}; };
  std::vector<RowGroup> groups;
  for (RowWrite& row : counted_rows(school, table("lms-cassandra.consumption.table"))) groups.push_back({std::move(row)});
  for (RowWrite& row : demo::enrolment_rows(school, table("lms-cassandra.user_enrolments.table"))) groups.push_back({std::move(row)});
  for (auto& outcome : ports.tables->write(at_one_time(groups, make_system_clock()->write_time()))) must(std::move(outcome));
  must(ports.tables->flush());

  const auto topics = must(services.open_topics());
  must(topics->create(values.text(job.input_topic_option), 1));
  must(topics->create(dead_letter_topic(job, values), 1));
  for (const std::string& option : job.output_topic_options) must(topics->create(values.text(option), 1));
}

/// Requests that are not all for this job, so that skips and dead letters are part of the comparison.
std::vector<std::string> with_noise(std::vector<std::string> requests) {
  for (std::size_t i = 5; i < requests.size(); i += 17) requests[i] = "{\"edata\":{\"action\":\"another\"}}";
  for (std::size_t i = 9; i < requests.size(); i += 31) requests[i] = fmt::format("not json {}", i);
  return requests;
}

/// What is on one side only, the first few lines of it.
std::string difference(const std::vector<std::string>& found, const std::vector<std::string>& expected) {
  constexpr std::size_t kLinesMax = 5;
  std::string text;
  const auto append = [&](const char* mark, const auto& from, const auto& other) {
    std::vector<std::string> lines;
    std::ranges::set_difference(from, other, std::back_inserter(lines));
    for (std::size_t i = 0; i < std::min(lines.size(), kLinesMax); ++i) text += fmt::format("  {} {}\n", mark, lines[i]);
    if (lines.size() > kLinesMax) text += fmt::format("  {} and {} more\n", mark, lines.size() - kLinesMax);
  };
  append("not there:", expected, found);
  append("only there:", found, expected);
  return text;
}

}  // namespace

void expect_same(const Effects& effects, const Effects& undisturbed) {
  EXPECT_TRUE(effects.rows == undisturbed.rows) << "rows:\n" << difference(effects.rows, undisturbed.rows);
  for (const auto& [topic, records] : undisturbed.records) {
    const auto found = effects.records.find(topic);
    ASSERT_NE(found, effects.records.end());
    EXPECT_TRUE(found->second == records) << topic << ":\n" << difference(found->second, records);
  }
}

ReconciliationWorld::ReconciliationWorld(std::uint64_t seed, WorldOptions options)
    : school_(demo::make_school(seed, options.learners)),
      requests_(with_noise(demo::sync_requests(school_, options.requests, seed))),
      job_(*find_job("enrolment-reconciliation")),
      set_(settings(options, folder_.file("world.sqlite"))),
      values_(resolved(job_, set_)),
      log_(make_line_log(LogLevel::error, LogFormat::text)),
      services_(make_services(job_, values_, *log_)) {
  if (options.requests == 0) requests_.clear();
  const std::string& topic = values_.text(job_.input_topic_option);
  const auto topics = must(services_->open_topics());
  must(topics->create(topic, options.partitions));
  fill(job_, values_, *services_, school_);
  std::vector<std::vector<OutputRecord>> spread(static_cast<std::size_t>(options.partitions));
  spread.front() = std::move(options.first);
  for (OutputRecord& record : spread.front()) record.topic = topic;
  for (const std::string& request : requests_) {
    // By learner, as a producer with keys would: requests of one enrolment stay in order.
    const auto at = request.find("\"userId\":");
    const auto user = at == std::string::npos ? request : request.substr(at, 50);
    spread[std::hash<std::string>{}(user) % spread.size()].push_back({.topic = topic, .value = request});
  }
  for (std::size_t i = 0; i < spread.size(); ++i) must(topics->produce(spread[i], static_cast<int>(i)));
  write_config();
}

void ReconciliationWorld::write_config() const {
  std::ofstream base(folder_.file(kBase));
  std::ofstream file(config());
  file << "include \"" << kBase << "\"\n";
  for (const auto& [key, value] : set_) {
    const bool in_base = std::ranges::any_of(kBaseKeys, [&](std::string_view start) { return key.starts_with(start); });
    (in_base ? base : file) << key << " = \"" << value << "\"\n";
  }
}

ReconciliationWorld::~ReconciliationWorld() {
  if (services_->embedded()) return;
  try {
    const auto ports = must(services_->open());
    must(ports.tables->drop_keyspace(values_.text("lms-cassandra.keyspace")));
    for (const CacheId& cache : job_.caches(values_)) {
      CacheGroup group;
      for (const auto& [key, kind] : must(ports.cache->keys(cache))) group.push_back({.kind = CacheWrite::Kind::erase, .cache = cache, .key = key});
      if (!group.empty()) must(std::move(ports.cache->write(std::span(&group, 1)).front()));
    }
    const auto topics = must(services_->open_topics());
    std::set<std::string> names{values_.text(job_.input_topic_option), dead_letter_topic(job_, values_)};
    for (const std::string& option : job_.output_topic_options) names.insert(values_.text(option));
    for (const std::string& name : names) must(topics->remove(name));
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
}

Process ReconciliationWorld::start(std::map<std::string, std::string> environment, const std::string& instance) {
  Command run = command({"--set", "lernd.instance_id=" + instance, "--until-end"});
  run.environment = std::move(environment);
  return Process(run);
}

Command ReconciliationWorld::command(std::vector<std::string> more) const {
  std::vector<std::string> words{LERND_BINARY, "run", job_.name, "--config", config()};
  std::ranges::move(more, std::back_inserter(words));
  return {.words = std::move(words)};
}

Effects ReconciliationWorld::effects() { return effects_on(job_, values_, *services_); }

Effects ReconciliationWorld::undisturbed() const {
  const std::string file = folder_.file("calm.sqlite");
  std::filesystem::remove(file);
  auto set = set_;
  std::erase_if(set, [](const auto& item) { return item.first.starts_with("lernd."); });
  set.insert_or_assign("lernd.embedded.file", file);
  const auto values = resolved(job_, set);
  const auto services = make_embedded_services(file, job_, values);
  fill(job_, values, *services, school_);
  std::vector<OutputRecord> records;
  for (const std::string& request : requests_) records.push_back({.topic = values.text(job_.input_topic_option), .value = request});
  must(must(services->open_topics())->produce(records, 0));
  Command calm = command({"--embedded", file, "--http", "off", "--until-end"});
  const auto finished = run(calm);
  EXPECT_EQ(finished.code, 0) << finished.err;
  return effects_on(job_, values, *services);
}

std::vector<Record> ReconciliationWorld::dead_letters() {
  return must(must(services_->open_topics())->read({dead_letter_topic(job_, values_), 0}, {0}, 1'000'000));
}

std::optional<Offset> ReconciliationWorld::committed() {
  const auto ports = must(services_->open_worker(0));
  const auto progress = must(ports.events->progress());
  return progress.at(0).committed;
}

}  // namespace lernd
