#include "integration/course_family/world.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "app/line_log.h"
#include "app/resolve.h"
#include "app/system_clock.h"
#include "integration/program.h"
#include "jobs/registry.h"
#include "support/must.h"
#include "support/services.h"

namespace lernd::family {
namespace {

using Set = std::map<std::string, std::string>;
using nlohmann::json;

constexpr const char* kPublisher = "relation-cache-updater";
constexpr const char* kProgress = "activity-aggregate-updater";
constexpr const char* kMerger = "merge-user-courses";
constexpr const char* kReconciler = "enrolment-reconciliation";
constexpr std::array kJobs{kProgress, kReconciler, kMerger, kPublisher};

constexpr const char* kContents = "user_content_consumption";
constexpr const char* kEnrolments = "user_enrolments";
constexpr const char* kAggregates = "user_activity_agg";
constexpr const char* kHierarchies = "content_hierarchy";

const CacheId kRelationSets{"redis", 11};
constexpr const char* kUnitDatabase = "12";
constexpr const char* kFingerprintDatabase = "13";

/// Topics by what is on them; each begins with the name of the installation.
const Set kInputs{{kPublisher, "content.postpublish.request"},
                  {kProgress, "coursebatch.job.request"},
                  {kMerger, "lms.user.account.merge"},
                  {kReconciler, "batch.enrolment.sync.request"}};
constexpr const char* kCertificates = "issue.certificate.request";
constexpr const char* kAudits = "telemetry.raw";
constexpr std::array kFailed{"activity.agg.failed", "enrolment.reconciliation.failed", "learning.events.failed"};

Set settings_of(const std::string& job, const std::string& name, Backend backend) {
  Set set{{"job.env", name},
          {"kafka.groupId", name + "-" + job},
          {"kafka.auto.offset.reset", "earliest"},
          {"lms-cassandra.keyspace", name},
          {"lernd.batch.records_max", "40"},
          {"lernd.retry.attempts_max", "1000"},
          {"lernd.retry.delay_max_ms", "500"}};
  if (job == kPublisher) set.merge(Set{{"redis.database.index", std::to_string(kRelationSets.database)}, {"dp-redis.database.index", kUnitDatabase}});
  if (job == kProgress || job == kReconciler) set["redis.database.relationCache.id"] = std::to_string(kRelationSets.database);
  if (job == kProgress) set["dedup-redis.database.index"] = kFingerprintDatabase;
  if (backend == Backend::file) return set;

  const Servers servers = Servers::from_environment();
  const Endpoint redis = servers.redis();
  const Endpoint cassandra = servers.cassandra();
  set.merge(Set{{"kafka.broker-servers", servers.kafka()},
                {"lms-cassandra.host", cassandra.host},
                {"lms-cassandra.port", std::to_string(cassandra.port)},
                // One name for the process before a kill and the one after it: nobody waits for the dead one.
                {"lernd.instance_id", "one"},
                {"lernd.kafka.client.session.timeout.ms", "6000"}});
  std::vector<std::string> endpoints;
  if (job != kMerger) endpoints.emplace_back("redis");
  if (job == kPublisher) endpoints.emplace_back("dp-redis");
  if (job == kProgress) endpoints.emplace_back("dedup-redis");
  for (const std::string& endpoint : endpoints) set.merge(Set{{endpoint + ".host", redis.host}, {endpoint + ".port", std::to_string(redis.port)}});
  return set;
}

OptionValues values_of(const JobDescription& job, Set set) {
  auto options = resolve_options(options_for(job), {.set = std::move(set)});
  for (const Fault& fault : options.faults) ADD_FAILURE() << fault.text();
  return options.values;
}

std::optional<int> number(const Value& value) {
  const auto* found = value.integer();
  return found == nullptr ? std::nullopt : std::optional(static_cast<int>(*found));
}

std::string text(const Value& value) { return value.text() == nullptr ? std::string() : *value.text(); }

std::string text(const json& value) { return value.get<std::string>(); }

void assign(RowWrite& row, const char* column, const std::optional<int>& value) {
  if (value) row.set.push_back({column, *value});
}

}  // namespace

World::World(Backend backend) : name_(fmt::format("family_{:08x}", std::random_device{}())), log_(make_line_log(LogLevel::error, LogFormat::text)) {
  const std::string file = folder_.file("world.sqlite");
  for (const char* job : kJobs) {
    for (const auto& [key, value] : settings_of(job, name_, backend)) set_[fmt::format("{}:{}", job, key)] = value;
    if (backend == Backend::file) set_[fmt::format("{}:lernd.embedded.file", job)] = file;
  }
  const JobDescription& any = *find_job(kProgress);
  auto set = settings_of(kProgress, name_, backend);
  if (backend == Backend::file) set["lernd.embedded.file"] = file;
  services_ = make_services(any, values_of(any, std::move(set)), *log_);
  topics_ = must(services_->open_topics());
  for (const char* job : kJobs) {
    auto command = words("schema", job);
    command.insert(command.end(), {"--apply", "--all"});
    const auto made = lernd(command);
    if (made.code != 0) throw std::runtime_error(made.err);
  }
}

World::~World() {
  if (services_->embedded()) return;
  try {
    const auto ports = must(services_->open());
    must(ports.tables->drop_keyspace(name_));
    for (const CacheId& cache : {kRelationSets, CacheId{"redis", std::stoi(kUnitDatabase)}, CacheId{"redis", std::stoi(kFingerprintDatabase)}}) {
      CacheGroup group;
      for (const auto& [key, kind] : must(ports.cache->keys(cache))) group.push_back({.kind = CacheWrite::Kind::erase, .cache = cache, .key = key});
      if (!group.empty()) must(std::move(ports.cache->write(std::span(&group, 1)).front()));
    }
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
}

std::vector<std::string> World::words(const char* command, const char* job) const {
  std::vector<std::string> words{command};
  for (const char* each : kJobs) {
    if (job == nullptr || std::string_view(job) == each) words.emplace_back(each);
  }
  for (const auto& [key, value] : set_) {
    if (job == nullptr || key.starts_with(std::string(job) + ":")) words.insert(words.end(), {"--set", key + "=" + value});
  }
  return words;
}

Process World::start() const {
  auto command = words("run", nullptr);
  command.insert(command.begin(), LERND_BINARY);
  command.insert(command.end(), {"--until-end", "--http", "off", "--set", "lernd.stall_limit_ms=60000"});
  return Process({.words = std::move(command)});
}

void World::write(const State& start, const std::vector<Course>& courses) {
  std::vector<RowGroup> groups;
  const auto row = [&](const char* table, std::vector<Cell> key) -> RowWrite& {
    return groups.emplace_back(RowGroup{{.kind = RowWrite::Kind::insert, .table = {name_, table}, .key = std::move(key), .set = {}}}).front();
  };
  const auto key_of = [](const Enrolled& enrolled) {
    const auto& [user, course, batch] = enrolled;
    return std::vector<Cell>{{"userid", user}, {"courseid", course}, {"batchid", batch}};
  };
  for (const auto& [enrolled, contents] : start.contents) {
    for (const auto& [id, content] : contents) {
      auto key = key_of(enrolled);
      key.push_back({"contentid", id});
      RowWrite& write = row(kContents, std::move(key));
      assign(write, "status", content.status);
      assign(write, "viewcount", content.views);
      assign(write, "completedcount", content.completions);
    }
  }
  for (const auto& [enrolled, enrolment] : start.enrolments) row(kEnrolments, key_of(enrolled)).set = {{"status", enrolment.status}, {"active", true}};
  for (const Course& course : courses) row(kHierarchies, {{"identifier", course.id}}).set = {{"hierarchy", course.hierarchy()}};

  const auto ports = must(services_->open());
  for (auto& outcome : ports.tables->write(at_one_time(groups, make_system_clock()->write_time()))) must(std::move(outcome));
  must(ports.tables->flush());
}

void World::produce(const std::vector<Message>& messages) {
  std::vector<OutputRecord> records;
  for (const Message& message : messages) records.push_back({.topic = name_ + "." + kInputs.at(message.job), .value = message.value});
  must(topics_->produce(records, 0));
}

std::vector<Record> World::read(const std::string& topic) { return must(topics_->read({name_ + "." + topic, 0}, {0}, 10'000'000)); }

Rows World::rows(const char* table, std::vector<std::string> columns) {
  const RowsQuery all{{name_, table}, std::move(columns), {}};
  return must(std::move(must(services_->open_tables())->read(std::span(&all, 1)).front()));
}

State World::state() {
  State state;
  const Rows contents = rows(kContents, {"userid", "courseid", "batchid", "contentid", "status", "viewcount", "completedcount"});
  for (std::size_t i = 0; i < contents.size(); ++i) {
    const auto row = contents[i];
    state.contents[{text(row["userid"]), text(row["courseid"]), text(row["batchid"])}][text(row["contentid"])] = {
        number(row["status"]), number(row["viewcount"]), number(row["completedcount"])};
  }
  const Rows enrolments = rows(kEnrolments, {"userid", "courseid", "batchid", "status", "progress", "contentstatus", "completedon"});
  for (std::size_t i = 0; i < enrolments.size(); ++i) {
    const auto row = enrolments[i];
    Enrolment enrolment{number(row["status"]).value_or(0), number(row["progress"]), {}, !row["completedon"].is_null()};
    if (const auto* map = row["contentstatus"].map()) {
      for (const auto& [id, status] : map->entries) enrolment.contents[text(id)] = number(status).value_or(-1);
    }
    state.enrolments[{text(row["userid"]), text(row["courseid"]), text(row["batchid"])}] = std::move(enrolment);
  }
  const Rows aggregates = rows(kAggregates, {"activity_id", "user_id", "context_id", "aggregates"});
  for (std::size_t i = 0; i < aggregates.size(); ++i) {
    const auto row = aggregates[i];
    const auto* map = row["aggregates"].map();
    const bool whole = map != nullptr && map->entries.size() == 1 && text(map->entries[0].first) == "completedCount";
    const double* count = whole ? std::get_if<double>(&map->entries[0].second.form) : nullptr;
    state.aggregates[{text(row["activity_id"]), text(row["user_id"]), text(row["context_id"])}] = count == nullptr ? -1 : *count;
  }
  const auto cache = must(services_->open_cache());
  for (const auto& [key, kind] : must(cache->keys(kRelationSets))) {
    const CacheQuery query{.cache = kRelationSets, .kind = CacheKind::set, .key = key};
    const auto value = must(std::move(cache->read(std::span(&query, 1)).front()));
    state.sets[key] = {value.members.begin(), value.members.end()};
  }
  for (const Record& record : read(kCertificates)) {
    const json edata = json::parse(record.value.value_or("")).at("edata");
    state.certificates.insert(Enrolled(text(edata.at("userIds").at(0)), text(edata.at("courseId")), text(edata.at("batchId"))));
  }
  for (const Record& record : read(kAudits)) {
    const json event = json::parse(record.value.value_or(""));
    const std::string type = text(event.at("edata").at("type"));
    const std::string object = text(type == "enrol-complete" ? event.at("object").at("rollup").at("l1") : event.at("object").at("id"));
    state.audits.insert({type, text(event.at("actor").at("id")) + " " + object});
  }
  for (const Record& record : read(kInputs.at(kProgress))) {
    const json edata = json::parse(record.value.value_or("")).at("edata");
    if (edata.at("action") == "batch-enrolment-sync")
      state.syncs.insert(Enrolled(text(edata.at("userId")), text(edata.at("courseId")), text(edata.at("batchId"))));
  }
  return state;
}

std::vector<std::string> World::failures() {
  std::vector<std::string> bodies;
  for (const char* topic : kFailed) {
    for (const Record& record : read(topic)) bodies.push_back(record.value.value_or("(null)"));
  }
  for (const char* job : kJobs) {
    for (const Record& record : must(topics_->read({name_ + "-" + job + ".dlq", 0}, {0}, 1'000'000))) bodies.push_back(record.value.value_or("(null)"));
  }
  return bodies;
}

}  // namespace lernd::family
