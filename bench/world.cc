#include "world.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>

#include "app/line_log.h"
#include "app/progress_view.h"
#include "app/resolve.h"
#include "app/system_clock.h"
#include "jobs/registry.h"
#include "support/must.h"

namespace lernd::bench {
namespace {

/// Rows, keys and documents that are written or looked at together.
constexpr std::size_t kEntriesAtOnce = 10'000;
constexpr std::size_t kEventsAtOnce = 20'000;
/// Keeps a group below the server's limit for batches.
constexpr std::size_t kRowsInGroup = 50;

using Settings = std::map<std::string, std::string>;

OptionValues resolved(const JobDescription& job, const Settings& set) {
  auto options = resolve_options(options_for(job), {.set = set});
  if (!options.faults.empty()) throw std::runtime_error(options.faults.front().text());
  return std::move(options.values);
}

bool uses_tables(const JobDescription& job) {
  return std::ranges::any_of(job.options, [](const Option& option) { return option.name == "lms-cassandra.keyspace"; });
}

/// The settings that a job needs for these servers; `set` goes before them.
Settings settings_for(const JobDescription& job, const Servers& servers, const std::string& name, Settings set) {
  const Endpoint cassandra = servers.cassandra();
  const Endpoint redis = servers.redis();
  set.insert({{"job.env", name},
              {"kafka.broker-servers", servers.kafka()},
              {job.group_option, name + "-group"},
              {"kafka.auto.offset.reset", "earliest"},
              {"redis.host", redis.host},
              {"redis.port", fmt::format("{}", redis.port)},
              {"lernd.admin.address", "off"}});
  if (uses_tables(job)) {
    set.insert({{"lms-cassandra.host", cassandra.host}, {"lms-cassandra.port", fmt::format("{}", cassandra.port)}, {"lms-cassandra.keyspace", name}});
  }
  if (!job.indices.empty() && !set.contains("es.basePath")) {
    const Endpoint search = servers.search("elasticsearch");
    set.insert({"es.basePath", fmt::format("{}:{}", search.host, search.port)});
  }
  for (const CacheId& cache : job.caches(resolved(job, set))) {
    set.insert({{cache.endpoint + ".host", redis.host}, {cache.endpoint + ".port", fmt::format("{}", redis.port)}});
  }
  return set;
}

/// Rows one behind the other that share a partition, in groups, so that the server takes a group as one write.
std::vector<RowGroup> groups_of(const std::vector<RowWrite>& rows, const std::vector<TableUse>& tables) {
  const auto one_partition = [&](const RowWrite& a, const RowWrite& b) {
    if (a.table != b.table) return false;
    const auto use = std::ranges::find(tables, a.table, [](const TableUse& table) { return table.shape.name; });
    return use != tables.end() && std::equal(a.key.begin(), a.key.begin() + static_cast<std::ptrdiff_t>(use->shape.partition_columns), b.key.begin());
  };
  std::vector<RowGroup> groups;
  for (const RowWrite& row : rows) {
    if (groups.empty() || groups.back().size() == kRowsInGroup || !one_partition(groups.back().front(), row)) groups.emplace_back();
    groups.back().push_back(row);
  }
  return groups;
}

std::string key_text(const RowsQuery& query) {
  std::string text = query.table.table;
  for (const Cell& cell : query.key) text += fmt::format(" {}={}", cell.column, cell.value.text() == nullptr ? "?" : *cell.value.text());
  return text;
}

/// Members of objects in whatever order: the index may keep them in another one than they came.
bool same_json(const std::string& found, const std::string& expected) {
  return nlohmann::json::parse(found, nullptr, false) == nlohmann::json::parse(expected);
}

}  // namespace

World::World(const Servers& servers, const LoadKind& kind, const Size& size, Settings set, std::size_t limit_items)
    : size_(size),
      service_(kind.answer == nullptr ? nullptr : std::make_unique<InstantService>(std::bind_front(kind.answer, size), size.service_delay)),
      limit_items_(std::min(limit_items, kind.limit_items_max)),
      folder_(std::filesystem::temp_directory_path() / fmt::format("lernd-bench-{}-{:08x}", ::getpid(), std::random_device{}())),
      job_(*find_job(kind.job)),
      log_(make_line_log(LogLevel::error, LogFormat::text)),
      clock_(make_system_clock()) {
  const std::uint32_t run = std::random_device{}();
  for (const auto& [option, path] : kind.service_options) set.insert({option, fmt::format("http://127.0.0.1:{}{}", service_->port(), path)});
  set = settings_for(job_, servers, fmt::format("bench_{:08x}", run), std::move(set));
  values_ = resolved(job_, set);
  tables_ = job_.tables(values_);
  load_ = kind.make(size_, values_, run);
  std::filesystem::create_directories(folder_);
  std::ofstream file(config());
  for (const auto& [key, value] : set) file << key << " = \"" << value << "\"\n";
  services_ = make_services(job_, values_, *log_);
  ports_ = must(services_->open());
  topics_ = must(make_kafka_topic_admin({.brokers = values_.text("kafka.broker-servers"), .client = {{"linger.ms", "0"}}}));
  group_ = must(make_kafka_event_log({.brokers = values_.text("kafka.broker-servers"), .transactional = false}, values_.text(job_.input_topic_option),
                                     values_.text(job_.group_option)));
  create();
  put(load_->shared());
  fill(Part::backlog, size_.learners);
  fill(Part::idle, size_.idle_events);
  fill(Part::limit, limit_items_);
}

World::~World() {
  std::vector<std::string> names{values_.text(job_.input_topic_option), dead_letter_topic(job_, values_)};
  for (const std::string& option : job_.output_topic_options) names.push_back(values_.text(option));
  // The servers may be gone already, and mostly go with the bench: what cannot be taken away is no fault of it.
  for (const std::string& name : names) static_cast<void>(topics_->remove(name));
  if (!tables_.empty()) static_cast<void>(ports_.tables->drop_keyspace(values_.text("lms-cassandra.keyspace")));
  for (const std::string& index : indices_) static_cast<void>(ports_.search->remove(index));
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void World::create() {
  std::vector<TableSchema> tables;
  if (is_journalled(job_, values_)) tables = journal_tables(journal_table(job_, values_));
  for (const TableUse& use : tables_) tables.push_back(use.shape);
  for (const TableSchema& table : tables) must(ports_.tables->create(table));
  for (const std::string& index : job_.indices) {
    if (must(ports_.search->exists(index))) {
      throw std::runtime_error(
          fmt::format("the search servers already have an index {}; the bench makes it and takes it away again: use other servers, or remove it if it is what "
                      "a bench left behind",
                      index));
    }
    must(ports_.search->create(index));
    indices_.push_back(index);
  }
  must(topics_->create(values_.text(job_.input_topic_option), size_.partitions));
  must(topics_->create(dead_letter_topic(job_, values_), 1));
  for (const std::string& option : job_.output_topic_options) must(topics_->create(values_.text(option), 1));
}

void World::fill(Part part, std::size_t count) {
  ProgressView view("filled in");
  Stock stock;
  for (std::size_t item = 0; item < count; ++item) {
    Stock one = load_->before(part, item);
    std::ranges::move(one.rows, std::back_inserter(stock.rows));
    std::ranges::move(one.keys, std::back_inserter(stock.keys));
    std::ranges::move(one.documents, std::back_inserter(stock.documents));
    if (stock.size() < kEntriesAtOnce && item + 1 != count) continue;
    put(stock);
    stock = {};
    view.show({.done = static_cast<std::int64_t>(item + 1), .total = static_cast<std::int64_t>(count)}, std::chrono::steady_clock::now());
  }
}

void World::put(const Stock& stock) {
  const std::vector<RowGroup> rows = groups_of(stock.rows, tables_);
  for (auto& outcome : ports_.tables->write(at_one_time(rows, clock_->write_time()))) must(std::move(outcome));
  std::vector<CacheGroup> keys;
  for (const CacheWrite& key : stock.keys) keys.push_back({key});
  for (auto& outcome : ports_.cache->write(keys)) must(std::move(outcome));
  if (stock.documents.empty()) return;
  for (auto& outcome : ports_.search->put(stock.documents)) must(std::move(outcome));
}

void World::produce(std::size_t begin, std::size_t end) {
  const auto partitions = static_cast<std::size_t>(size_.partitions);
  std::vector<std::vector<OutputRecord>> spread(partitions);
  const auto send = [&] {
    for (std::size_t i = 0; i < partitions; ++i) {
      if (!spread[i].empty()) must(topics_->produce(spread[i], static_cast<int>(i)));
      spread[i].clear();
    }
  };
  for (std::size_t event = begin; event < end; ++event) {
    const std::size_t item = size_.item(event);
    // Not by the number alone: where every second item is of another sort, every partition gets both.
    spread[item / 2 % partitions].push_back({.topic = values_.text(job_.input_topic_option), .value = load_->event(Part::backlog, item, size_.round(event))});
    if ((event + 1) % kEventsAtOnce == 0) send();
  }
  send();
}

void World::produce_idle(std::size_t item) {
  const OutputRecord event{.topic = values_.text(job_.input_topic_option), .value = load_->event(Part::idle, item, 0)};
  must(topics_->produce(std::span(&event, 1), static_cast<int>(item % static_cast<std::size_t>(size_.partitions))));
}

std::vector<World::Item> World::unfinished(Part part, const std::vector<Item>& items, std::string& what) {
  std::vector<Item> open;
  std::vector<Findings> expected;
  std::size_t answers = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    answers += expected.emplace_back(load_->after(part, items[i].number, items[i].rounds)).size();
    if (answers < kEntriesAtOnce && i + 1 != items.size()) continue;
    const auto right = found(expected, what);
    const std::size_t first = i + 1 - expected.size();
    for (std::size_t k = 0; k < right.size(); ++k) {
      if (!right[k]) open.push_back(items[first + k]);
    }
    expected.clear();
    answers = 0;
  }
  return open;
}

bool World::finds(const Findings& findings) {
  std::string what;
  // Documents are written last, and there may be thousands: as long as the last of them is as before, nothing else need be read.
  if (!findings.documents.empty()) {
    const Findings last{.rows = {}, .keys = {}, .documents = {findings.documents.back()}};
    if (!found(std::span(&last, 1), what).front()) return false;
  }
  return found(std::span(&findings, 1), what).front();
}

std::vector<bool> World::found(std::span<const Findings> expected, std::string& what) {
  std::vector<RowsQuery> rows;
  std::vector<CacheQuery> keys;
  std::vector<DocumentId> documents;
  for (const Findings& one : expected) {
    for (const auto& [query, answer] : one.rows) rows.push_back(query);
    for (const auto& [query, answer] : one.keys) keys.push_back(query);
    for (const auto& [id, source] : one.documents) documents.push_back(id);
  }
  auto rows_found = ports_.tables->read(rows);
  auto keys_found = ports_.cache->read(keys);
  auto documents_found = documents.empty() ? std::vector<Result<StoredDocument>>() : ports_.search->read(documents);
  std::size_t row = 0;
  std::size_t key = 0;
  std::size_t document = 0;
  std::vector<bool> right(expected.size(), true);
  const auto expect = [&](std::size_t i, bool is_right, const auto& text) {
    if (is_right) return;
    right[i] = false;
    what = text();
  };
  for (std::size_t i = 0; i < expected.size(); ++i) {
    for (const auto& [query, answer] : expected[i].rows) expect(i, must(std::move(rows_found[row++])) == answer, [&] { return key_text(query); });
    for (const auto& [query, answer] : expected[i].keys) expect(i, must(std::move(keys_found[key++])) == answer, [&] { return query.key; });
    for (const auto& [id, source] : expected[i].documents) {
      expect(i, same_json(must(std::move(documents_found[document++])).source, source), [&] { return id.index + " " + id.id; });
    }
  }
  return right;
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
