#include "unit/cache_tool/platform.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "adapters/embedded/embedded_cache.h"
#include "adapters/embedded/embedded_table_store.h"
#include "adapters/embedded/embedded_topic_admin.h"
#include "adapters/observe/prometheus_metrics.h"
#include "app/line_log.h"
#include "app/run_jobs.h"

namespace lernd::cache_tool {
namespace {

using Json = nlohmann::json;

const TableName kUsers{"sunbird", "user"};
const std::string kTopic = "local.telemetry.audit";
const std::string kReadPath = "/read/";

JobSetup set_up(const std::map<std::string, std::string>& settings, const std::string& path) {
  JobArguments arguments{.jobs = {"user-cache-updater"}, .embedded = path};
  for (const auto& [key, value] : settings) arguments.sets.push_back(key + "=" + value);
  auto setups = set_up_jobs(arguments);
  for (const auto& fault : setups.faults) ADD_FAILURE() << fault.text();
  return std::move(setups.jobs.front());
}

std::map<std::string, std::string> with_places(const std::string& layout, std::map<std::string, std::string> settings) {
  settings.emplace("user.cache.layout", layout);
  settings.emplace("user-read.api.url", "http://users/read/");
  settings.emplace("service.userorg.basePath", "http://users");
  settings.emplace("user_read_api", "/read/");
  settings.emplace("service.taxonomy.basePath", "http://frameworks");
  settings.emplace("framework_read_api", "/framework/");
  settings.emplace("lernd.admin.address", "off");
  return settings;
}

Json random_profile(const std::string& id, std::mt19937_64& random) {
  const auto often = [&] { return random() % 4 != 0; };
  const auto one_of = [&](const std::vector<std::string>& texts) { return texts[random() % texts.size()]; };
  Json profile{{"userId", id}};
  if (often()) profile["firstName"] = one_of({"Asha", "[Asha]", "{New} Asha", "अ"});
  if (often()) profile["lastName"] = one_of({"Rao", "", "O'Neil"});
  if (often()) profile["encEmail"] = "ZW5j==";
  if (often()) profile["rootOrg"] = {{"orgName", one_of({"North", "South [1]"})}};
  if (often()) profile["language"] = Json::array({"English", nullptr});
  if (often()) profile["status"] = random() % 3;
  for (const char* type : {"state", "district", "block", "cluster", "school", "panchayat", "State"}) {
    if (often()) profile["userLocations"].push_back({{"type", type}, {"name", one_of({"Lake", "", "Hill <x>"})}, {"code", "28"}});
  }
  if (often()) profile["profileUserTypes"] = {{{"type", "teacher"}, {"subType", "hm"}}, {{"type", one_of({"teacher", "administrator"})}}};
  if (often()) profile["framework"] = {{"id", {one_of({"ns_k-12", "other"})}}, {"board", {"State"}}, {"medium", {"English", "Hindi"}}, {"gradeLevel", {"6"}}};
  return profile;
}

std::map<std::string, std::string> random_entry(std::mt19937_64& random) {
  std::map<std::string, std::string> fields;
  for (const char* name : {"state", "district", "block", "cluster", "schoolname", "schooludisecode", "usersignintype", "firstname", "framework_medium",
                           "framework_gone", "my_framework_note", "panchayat", "board"}) {
    if (random() % 2 == 0) fields[name] = random() % 4 == 0 ? "" : fmt::format("old {}", random() % 3);
  }
  return fields;
}

}  // namespace

Platform::Platform(const std::string& layout, const std::map<std::string, std::string>& settings)
    : settings_(with_places(layout, settings)), setup_(set_up(settings_, path())) {
  add_framework("ns_k-12", {"board", "medium", "gradeLevel"});
  add_framework("other", {"medium"});
}

void Platform::add_framework(const std::string& id, const std::vector<std::string>& codes) {
  Json categories = Json::array();
  for (const auto& code : codes) categories.push_back({{"code", code}});
  stubs_.push_back(
      {.method = "GET", .path = "/framework/" + id, .body = Json{{"responseCode", "OK"}, {"result", {{"framework", {{"categories", categories}}}}}}.dump()});
}

void Platform::add(const std::string& id, HttpStub answer) {
  answer.path = kReadPath + id;
  stubs_.push_back(std::move(answer));
  if (ids_.empty() || ids_.back() != id) ids_.push_back(id);
}

void Platform::add_random(const std::string& id, std::mt19937_64& random) {
  const auto kind = random() % 10;
  add(id, kind == 0 ? blocked() : kind == 1 ? unknown() : found(random_profile(id, random)));
  if (random() % 2 == 0) stored_[id] = random_entry(random);
}

void Platform::add_plain(const std::string& id) { add(id, found({{"userId", id}, {"firstName", "Asha"}})); }

void Platform::settle() {
  auto database = must(EmbeddedDatabase::open(path()));
  auto tables = make_embedded_table_store(database);
  must(tables->create({.name = kUsers, .columns = {{"id", "text"}, {"firstname", "text"}}, .key = {"id"}}));
  std::vector<RowGroup> rows;
  for (const auto& id : ids_) rows.push_back({RowWrite{.kind = RowWrite::Kind::insert, .table = kUsers, .key = {{"id", id}}, .set = {}}});
  for (auto& done : tables->write(at_one_time(rows, {1}))) must(std::move(done));
  must(tables->flush());
  must(put_http_stubs(*database, stubs_));
  database.reset();
  tables.reset();
  for (const auto& [id, fields] : stored_) put_entry(id, fields);
}

std::string Platform::copy(const std::string& name) const {
  const auto to = file(name);
  for (const char* end : {"", "-wal"}) {
    if (std::filesystem::exists(path() + end)) std::filesystem::copy_file(path() + end, to + end, std::filesystem::copy_options::overwrite_existing);
  }
  return to;
}

std::vector<std::string> Platform::words() const {
  std::vector<std::string> words{"--embedded", path()};
  for (const auto& [key, value] : settings_) words.insert(words.end(), {"--set", key + "=" + value});
  return words;
}

HttpStub Platform::found(const Json& profile) {
  return {.method = "GET", .body = Json{{"responseCode", "OK"}, {"params", {{"err", nullptr}}}, {"result", {{"response", profile}}}}.dump()};
}

HttpStub Platform::error(const std::string& code, const std::string& err, int status) {
  return {.method = "GET", .status = status, .body = Json{{"responseCode", code}, {"params", {{"err", err}}}, {"result", Json::object()}}.dump()};
}

HttpStub Platform::fault(HttpStub::Fault fault, int times) { return {.method = "GET", .times = times, .fault = fault}; }

void Platform::put_entry(const std::string& id, const std::map<std::string, std::string>& fields) {
  if (fields.empty()) return;
  auto database = must(EmbeddedDatabase::open(path()));
  auto cache = make_embedded_cache(database);
  const CacheGroup group{
      {.kind = CacheWrite::Kind::put_hash, .cache = {"redis-meta", 12}, .key = "user:" + id, .value = {.fields = {fields.begin(), fields.end()}}}};
  for (auto& done : cache->write({&group, 1})) must(std::move(done));
  must(make_embedded_table_store(database)->flush());
}

Entries Platform::entries_of(const std::string& path) {
  auto cache = make_embedded_cache(must(EmbeddedDatabase::open(path)));
  const CacheId users{"redis-meta", 12};
  std::vector<CacheQuery> queries;
  for (const auto& [key, kind] : must(cache->keys(users))) queries.push_back({.cache = users, .kind = CacheKind::hash, .key = key});
  Entries entries;
  auto answers = cache->read(queries);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const auto value = must(std::move(answers[i]));
    entries[queries[i].key] = {value.fields.begin(), value.fields.end()};
  }
  return entries;
}

Entries Platform::entries_by_the_job() const {
  const auto path = copy("job.sqlite");
  {
    auto topics = make_embedded_topic_admin(must(EmbeddedDatabase::open(path)));
    for (const auto& topic : {kTopic, std::string("local-user-cache-updater-group.dlq")}) must(topics->create(topic, 1));
    std::vector<OutputRecord> events;
    for (const auto& id : ids_) {
      const Json event{{"object", {{"type", "User"}, {"id", id}}}, {"edata", {{"state", "Update"}}}, {"context", {{"pdata", {{"pid", "learner-service"}}}}}};
      events.push_back({.topic = kTopic, .value = event.dump()});
    }
    must(topics->produce(events, 0));
  }
  auto settings = settings_;
  settings["lernd.retry.attempts_max"] = "1";
  const JobSetup setup = set_up(settings, path);
  PrometheusMetrics metrics("test");
  const auto log = make_line_log(LogLevel::error, LogFormat::text);
  const auto report = run_jobs({&setup, 1}, {.until_end = true}, metrics, *log, {});
  EXPECT_EQ(report.end, RunEnd::done);
  return entries_of(path);
}

bool LeapingWaiter::wait_until(bulk::Time time, const std::stop_token& stop) {
  ++waits;
  on_wait();
  if (stop.stop_requested()) return false;
  if (time > now()) clock_.sleep(std::chrono::ceil<std::chrono::milliseconds>(time - now()));
  return true;
}

class WatchedServices::Http final : public HttpClient {
 public:
  Http(WatchedServices& services, std::unique_ptr<HttpClient> inner) : services_(services), inner_(std::move(inner)) {}
  std::vector<Result<HttpAnswer>> call(std::span<const HttpQuery> queries) override {
    services_.on_http();
    auto answers = inner_->call(queries);
    for (std::size_t i = 0; i < queries.size(); ++i) {
      if (services_.http_away(queries[i].service)) answers[i] = fail(Treatment::retry, ErrorCode::unavailable, "nobody answers (service.userorg.basePath)");
      const auto at = queries[i].url.find(kReadPath);
      if (at == std::string::npos) continue;
      const auto id = queries[i].url.substr(at + kReadPath.size(), queries[i].url.find('?') - at - kReadPath.size());
      ++services_.reads[id];
      if (services_.garbled(id)) answers[i] = HttpAnswer{.status = 200, .body = "<html>"};
    }
    return answers;
  }

 private:
  WatchedServices& services_;
  const std::unique_ptr<HttpClient> inner_;
};

class WatchedServices::CacheWatch final : public Cache {
 public:
  CacheWatch(WatchedServices& services, std::unique_ptr<Cache> inner) : services_(services), inner_(std::move(inner)) {}
  std::vector<Result<CacheValue>> read(std::span<const CacheQuery> queries) override {
    services_.on_cache_read();
    return services_.cache_away() ? std::vector<Result<CacheValue>>(queries.size(), away()) : inner_->read(queries);
  }
  std::vector<Result<void>> write(std::span<const CacheGroup> groups) override {
    services_.on_cache_write();
    return services_.cache_away() ? std::vector<Result<void>>(groups.size(), away()) : inner_->write(groups);
  }
  Result<void> ping() override { return services_.cache_away() ? away() : inner_->ping(); }
  Result<std::vector<std::pair<std::string, CacheKind>>> keys(const CacheId& cache) override { return inner_->keys(cache); }

 private:
  static std::unexpected<Error> away() { return fail(Treatment::retry, ErrorCode::unavailable, "the cache is away (redis-meta.host)"); }

  WatchedServices& services_;
  const std::unique_ptr<Cache> inner_;
};

class WatchedServices::Tables final : public TableStore {
 public:
  Tables(WatchedServices& services, std::unique_ptr<TableStore> inner) : services_(services), inner_(std::move(inner)) {}
  std::vector<Result<Rows>> read(std::span<const RowsQuery> queries) override { return inner_->read(queries); }
  std::vector<Result<void>> write(std::span<const TimedGroup> groups) override { return inner_->write(groups); }
  std::vector<Result<bool>> insert_if_absent(std::span<const RowWrite> rows) override { return inner_->insert_if_absent(rows); }
  Result<std::optional<TableSchema>> describe(const TableName& table) override { return inner_->describe(table); }
  Result<void> create(const TableSchema& table) override { return inner_->create(table); }
  Result<void> drop_keyspace(const std::string& keyspace) override { return inner_->drop_keyspace(keyspace); }
  Result<void> ping() override { return inner_->ping(); }
  Result<void> flush() override {
    services_.on_flush();
    return inner_->flush();
  }

 private:
  WatchedServices& services_;
  const std::unique_ptr<TableStore> inner_;
};

Result<Ports> WatchedServices::open() {
  auto ports = inner_->open();
  if (!ports) return ports;
  ports->http = std::make_unique<Http>(*this, std::move(ports->http));
  ports->cache = std::make_unique<CacheWatch>(*this, std::move(ports->cache));
  ports->tables = std::make_unique<Tables>(*this, std::move(ports->tables));
  return ports;
}

Tool::Tool(const Platform& platform, const std::string& path)
    : services(make_embedded_services(path, *platform.setup().job, platform.setup().values)), setup_(platform.setup()) {}

World Tool::world() {
  return {.setup = setup_,
          .services = services,
          .clock = clock,
          .waiter = waiter,
          .progress = sink_,
          .warn = [this](const std::string& text) { warnings.push_back(text); },
          .stop = stop.get_token(),
          .wait_max = wait_max};
}

std::multiset<std::string> lines_of(const std::string& path) {
  std::multiset<std::string> lines;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) lines.insert(line);
  return lines;
}

}  // namespace lernd::cache_tool
