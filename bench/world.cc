#include "world.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <random>

#include "app/line_log.h"
#include "app/progress_view.h"
#include "app/resolve.h"
#include "app/system_clock.h"
#include "jobs/registry.h"
#include "support/must.h"
#include "support/ready_school.h"

namespace lernd::bench {
namespace {

constexpr const char* kJob = "enrolment-reconciliation";
constexpr std::size_t kLearnersAtOnce = 200;
constexpr std::size_t kRequestsAtOnce = 20'000;
/// Keeps a group below the server's limit for batches.
constexpr std::size_t kRowsInGroup = 50;

using Settings = std::map<std::string, std::string>;

Settings settings(const Servers& servers, const std::string& name) {
  const Endpoint cassandra = servers.cassandra();
  const Endpoint redis = servers.redis();
  return {{"job.env", name},
          {"kafka.broker-servers", servers.kafka()},
          {"kafka.auto.offset.reset", "earliest"},
          {"lms-cassandra.host", cassandra.host},
          {"lms-cassandra.port", fmt::format("{}", cassandra.port)},
          {"lms-cassandra.keyspace", name},
          {"redis.host", redis.host},
          {"redis.port", fmt::format("{}", redis.port)},
          {"lernd.admin.address", "off"}};
}

OptionValues resolved(const JobDescription& job, const Settings& set) {
  auto options = resolve_options(options_for(job), {.set = set});
  if (!options.faults.empty()) throw std::runtime_error(options.faults.front().text());
  return std::move(options.values);
}

/// The rows in groups that are one partition each, so that the server takes a group as one write.
void append_groups(std::vector<RowWrite> rows, std::vector<RowGroup>& groups) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i % kRowsInGroup == 0) groups.emplace_back();
    groups.back().push_back(std::move(rows[i]));
  }
}

std::string text_in(const Rows::Row& row, std::string_view column) {
  const std::string* text = row[column].text();
  return text == nullptr ? std::string() : *text;
}

/// The learner's number within the backlog, of an id.
std::optional<std::size_t> backlog_index(const std::string& user) {
  const std::string_view prefix = user_prefix(Learners::backlog);
  if (!user.starts_with(prefix)) return std::nullopt;
  return std::stoull(user.substr(prefix.size()));
}

}  // namespace

World::World(const Servers& servers, const Load& load, Settings set, std::size_t limit_learners)
    : load_(load),
      course_(make_course(load)),
      folder_(std::filesystem::temp_directory_path() / fmt::format("lernd-bench-{}-{:08x}", ::getpid(), std::random_device{}())),
      job_(*find_job(kJob)),
      log_(make_line_log(LogLevel::error, LogFormat::text)),
      clock_(make_system_clock()) {
  const Settings base = settings(servers, fmt::format("bench_{:08x}", std::random_device{}()));
  set.insert(base.begin(), base.end());
  values_ = resolved(job_, set);
  std::filesystem::create_directories(folder_);
  std::ofstream file(config());
  for (const auto& [key, value] : set) file << key << " = \"" << value << "\"\n";
  services_ = make_services(job_, values_, *log_);
  ports_ = must(services_->open());
  topics_ = must(make_kafka_topic_admin({.brokers = values_.text("kafka.broker-servers"), .client = {{"linger.ms", "0"}}}));
  group_ = must(make_kafka_event_log({.brokers = values_.text("kafka.broker-servers"), .transactional = false}, values_.text(job_.input_topic_option),
                                     values_.text(job_.group_option)));
  create();
  fill(Learners::backlog, load_.learners);
  fill(Learners::idle, load_.idle_events);
  fill(Learners::limit, limit_learners);
}

World::~World() {
  std::vector<std::string> names{values_.text(job_.input_topic_option), dead_letter_topic(job_, values_)};
  for (const std::string& option : job_.output_topic_options) names.push_back(values_.text(option));
  // The servers may be gone already, and mostly go with the bench: what cannot be taken away is no fault of it.
  for (const std::string& name : names) static_cast<void>(topics_->remove(name));
  static_cast<void>(ports_.tables->drop_keyspace(values_.text("lms-cassandra.keyspace")));
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void World::create() {
  std::vector<TableSchema> tables = journal_tables(journal_table(job_, values_));
  for (const TableUse& use : job_.tables(values_)) tables.push_back(use.shape);
  for (const TableSchema& table : tables) must(ports_.tables->create(table));
  const CacheGroup sets = relation_sets(course_, job_.caches(values_).front());
  must(std::move(ports_.cache->write(std::span(&sets, 1)).front()));
  must(topics_->create(values_.text(job_.input_topic_option), load_.partitions));
  must(topics_->create(dead_letter_topic(job_, values_), 1));
  for (const std::string& option : job_.output_topic_options) must(topics_->create(values_.text(option), 1));
}

void World::fill(Learners kind, std::size_t count) {
  const TableName consumption{values_.text("lms-cassandra.keyspace"), values_.text("lms-cassandra.consumption.table")};
  const TableName enrolments{values_.text("lms-cassandra.keyspace"), values_.text("lms-cassandra.user_enrolments.table")};
  ProgressView view("learners filled in");
  demo::School school{.courses = {course_}};
  std::vector<RowGroup> groups;
  for (std::size_t index = 0; index < count; ++index) {
    school.enrolments = {make_enrolment(course_, kind, index)};
    append_groups(counted_rows(school, consumption), groups);
    append_groups(demo::enrolment_rows(school, enrolments), groups);
    if ((index + 1) % kLearnersAtOnce != 0 && index + 1 != count) continue;
    write(groups);
    groups.clear();
    view.show({.done = static_cast<std::int64_t>(index + 1), .total = static_cast<std::int64_t>(count)}, std::chrono::steady_clock::now());
  }
}

void World::write(const std::vector<RowGroup>& groups) {
  for (auto& outcome : ports_.tables->write(at_one_time(groups, clock_->write_time()))) must(std::move(outcome));
}

void World::produce(std::size_t begin, std::size_t end) {
  const auto partitions = static_cast<std::size_t>(load_.partitions);
  std::vector<std::vector<OutputRecord>> spread(partitions);
  const auto send = [&] {
    for (std::size_t i = 0; i < partitions; ++i) {
      if (!spread[i].empty()) must(topics_->produce(spread[i], static_cast<int>(i)));
      spread[i].clear();
    }
  };
  for (std::size_t i = begin; i < end; ++i) {
    const std::size_t learner = i % load_.learners;
    // Not by the number alone: every partition gets learners who have finished and others.
    spread[learner / 2 % partitions].push_back(
        {.topic = values_.text(job_.input_topic_option), .value = sync_request(course_, user_id(Learners::backlog, learner))});
    if ((i + 1) % kRequestsAtOnce == 0) send();
  }
  send();
}

void World::produce_idle(std::size_t index) {
  const OutputRecord request{.topic = values_.text(job_.input_topic_option), .value = sync_request(course_, user_id(Learners::idle, index))};
  must(topics_->produce(std::span(&request, 1), static_cast<int>(index % static_cast<std::size_t>(load_.partitions))));
}

bool World::first_is_done() {
  const TableName enrolments{values_.text("lms-cassandra.keyspace"), values_.text("lms-cassandra.user_enrolments.table")};
  const RowsQuery query{enrolments, {"status"}, {{"userid", user_id(Learners::backlog, 0)}, {"courseid", course_.id}, {"batchid", course_.batch_id}}};
  const Rows rows = must(std::move(ports_.tables->read(std::span(&query, 1)).front()));
  return !rows.empty() && rows[0]["status"] == Value(2);
}

Rows World::read_all(const std::string& table_option, std::vector<std::string> columns) {
  const RowsQuery all{{values_.text("lms-cassandra.keyspace"), values_.text(table_option)}, std::move(columns), {}};
  return must(std::move(ports_.tables->read(std::span(&all, 1)).front()));
}

std::size_t World::unfinished_enrolments() {
  const Rows rows = read_all("lms-cassandra.user_enrolments.table", {"userid", "status", "progress"});
  std::size_t finished = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto index = backlog_index(text_in(rows[i], "userid"));
    if (!index) continue;
    const bool right =
        rows[i]["status"] == Value(has_finished(*index) ? 2 : 1) && rows[i]["progress"] == Value(static_cast<std::int64_t>(finished_contents(load_, *index)));
    if (right) ++finished;
  }
  return load_.learners - finished;
}

std::size_t World::wrong_aggregates() {
  const Rows rows = read_all("lms-cassandra.user_activity_agg.table", {"user_id", "activity_id", "aggregates"});
  std::size_t right = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto index = backlog_index(text_in(rows[i], "user_id"));
    if (!index) continue;
    // Which unit has how many is the business of the vectors; here it is the sum that counts.
    const bool course = text_in(rows[i], "activity_id") == course_.id;
    const Value expected = ValueMap{{{"completedCount", static_cast<double>(finished_contents(load_, *index))}}};
    if (!course || rows[i]["aggregates"] == expected) ++right;
  }
  return load_.learners * (1 + load_.units) - right;
}

std::int64_t World::lag() {
  const auto progress = group_->progress();
  if (!progress) {
    if (progress.error().treatment == Treatment::retry) return lag_;
    throw std::runtime_error(progress.error().text);
  }
  lag_ = 0;
  for (const Progress& one : *progress) lag_ += one.lag();
  return lag_;
}

}  // namespace lernd::bench
