#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/embedded/database.h"
#include "adapters/embedded/embedded_cache.h"
#include "adapters/embedded/embedded_event_log.h"
#include "adapters/embedded/embedded_http_client.h"
#include "adapters/embedded/embedded_table_store.h"
#include "adapters/embedded/embedded_topic_admin.h"
#include "adapters/embedded/http_stub.h"
#include "runtime/worker.h"
#include "support/manual_clock.h"
#include "toy_job.h"

namespace lernd {

class CountingMetrics final : public Metrics {
 public:
  std::map<std::string, std::uint64_t, std::less<>> counts;
  std::map<std::string, std::uint64_t, std::less<>> dead_letters;
  void count(std::string_view, std::string_view name, std::uint64_t n) override { counts[std::string(name)] += n; }
  void dead_letter(std::string_view, ErrorCode code) override { ++dead_letters[std::string(name_of(code))]; }
  void retried(std::string_view, ErrorCode) override {}
  void step_took(std::string_view, std::string_view, double) override {}
  void batch_done(std::string_view, std::uint64_t, double) override {}
  void lag(std::string_view, const TopicPartition&, std::int64_t) override {}
};

/// Keeps the lines about remarks; all others are dropped.
class RemarkLog final : public Log {
 public:
  void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) override {
    std::string& line = (level == LogLevel::info ? lines : warnings).emplace_back(message);
    for (const LogField& field : fields) line += fmt::format(" {}={}", field.name, field.value);
  }

  std::vector<std::string> lines;
  std::vector<std::string> warnings;
};

/// When a simulated process dies: at the n-th call of a port that changes something, before, in the middle of, or after it. Once dead, every call fails.
struct Death {
  enum class When { before, middle, after };
  int calls_left = -1;  ///< < 0: never
  When when = When::before;

  static Error error() { return {Treatment::fatal, ErrorCode::internal, "the process is dead"}; }
};

/// A process until its death. May be called from any thread.
class Life {
 public:
  explicit Life(Death death) : death_(death) {}

  bool over() const { return over_; }
  Death::When when() const { return death_.when; }
  /// True for the one call that death strikes.
  bool strikes() {
    const std::lock_guard lock(mutex_);
    if (over_ || death_.calls_left < 0 || death_.calls_left-- > 0) return false;
    over_ = true;
    return true;
  }

 private:
  Death death_;
  std::mutex mutex_;
  std::atomic<bool> over_ = false;
};

/// Tables that outlive the process at once, as those of a server do, until death strikes.
class MortalTables final : public TableStore {
 public:
  MortalTables(std::unique_ptr<TableStore> inner, Life& life) : inner_(std::move(inner)), life_(life) {}

  std::vector<Result<Rows>> read(std::span<const RowsQuery> queries) override {
    if (life_.over()) return std::vector<Result<Rows>>(queries.size(), std::unexpected(Death::error()));
    if (on_read) on_read();
    return inner_->read(queries);
  }
  std::vector<Result<void>> write(std::span<const TimedGroup> groups) override {
    if (faults > 0) {
      --faults;
      return std::vector<Result<void>>(groups.size(), fail(Treatment::retry, ErrorCode::unavailable, "tables are away"));
    }
    std::size_t carried_out = groups.size();
    if (life_.over()) carried_out = 0;
    if (life_.strikes()) {
      carried_out = life_.when() == Death::When::before ? 0 : life_.when() == Death::When::middle ? groups.size() / 2 : groups.size();
    }
    auto results = inner_->write(groups.first(carried_out));
    EXPECT_TRUE(inner_->flush().has_value());
    if (life_.over()) return std::vector<Result<void>>(groups.size(), std::unexpected(Death::error()));
    return results;
  }
  std::vector<Result<bool>> insert_if_absent(std::span<const RowWrite> rows) override {
    const std::vector<Result<bool>> unknown(rows.size(), std::unexpected(Death::error()));
    if (life_.over()) return unknown;
    const bool strikes = life_.strikes();
    if (strikes && life_.when() == Death::When::before) return unknown;
    auto results = inner_->insert_if_absent(strikes && life_.when() == Death::When::middle ? rows.first(rows.size() / 2) : rows);
    EXPECT_TRUE(inner_->flush().has_value());
    return strikes ? unknown : results;
  }
  Result<std::optional<TableSchema>> describe(const TableName& table) override { return inner_->describe(table); }
  Result<void> create(const TableSchema& table) override { return inner_->create(table); }
  Result<void> drop_keyspace(const std::string& keyspace) override { return inner_->drop_keyspace(keyspace); }
  Result<void> ping() override { return inner_->ping(); }
  Result<void> flush() override { return inner_->flush(); }

  int faults = 0;  ///< so many writes fail for a fault that passes
  std::function<void()> on_read;

 private:
  std::unique_ptr<TableStore> inner_;
  Life& life_;
};

/// A cache in the same file as the tables; what was written outlives the process as theirs does.
class MortalCache final : public Cache {
 public:
  MortalCache(std::unique_ptr<Cache> inner, TableStore& tables, Life& life) : inner_(std::move(inner)), tables_(tables), life_(life) {}

  std::vector<Result<CacheValue>> read(std::span<const CacheQuery> queries) override {
    if (life_.over()) return std::vector<Result<CacheValue>>(queries.size(), std::unexpected(Death::error()));
    return inner_->read(queries);
  }
  std::vector<Result<void>> write(std::span<const CacheGroup> groups) override {
    const std::vector<Result<void>> unknown(groups.size(), std::unexpected(Death::error()));
    if (life_.over()) return unknown;
    const bool strikes = life_.strikes();
    if (strikes && life_.when() == Death::When::before) return unknown;
    auto results = inner_->write(strikes && life_.when() == Death::When::middle ? groups.first(groups.size() / 2) : groups);
    EXPECT_TRUE(tables_.flush().has_value());
    return strikes ? unknown : results;
  }
  Result<void> ping() override { return inner_->ping(); }
  Result<std::vector<std::pair<std::string, CacheKind>>> keys(const CacheId& cache) override { return inner_->keys(cache); }

 private:
  std::unique_ptr<Cache> inner_;
  TableStore& tables_;
  Life& life_;
};

/// A log whose commits may be cut off by death; what was committed stays.
class MortalLog final : public EventLog {
 public:
  MortalLog(std::unique_ptr<EventLog> inner, Life& life, Clock& clock) : inner_(std::move(inner)), life_(life), clock_(clock) {}

  Result<Polled> poll(const PollLimits& limits) override {
    if (life_.over()) return std::unexpected(Death::error());
    clock_.sleep(std::chrono::milliseconds(1000));  // the test's clock stands still by itself
    return inner_->poll(limits);
  }
  void pause(std::span<const TopicPartition> partitions) override { inner_->pause(partitions); }
  void resume(std::span<const TopicPartition> partitions) override { inner_->resume(partitions); }
  Result<void> commit(std::span<const OutputRecord> outputs, std::span<const Position> positions) override {
    if (on_commit) on_commit();
    if (life_.over()) return std::unexpected(Death::error());
    if (faults > 0) {
      --faults;
      return fail(Treatment::retry, ErrorCode::unavailable, "broker is away");
    }
    for (const OutputRecord& output : outputs) {
      if (output.value.value_or("").size() > value_bytes_max) return fail(Treatment::reject, ErrorCode::oversized_record, "too large for its topic");
    }
    const bool strikes = life_.strikes();
    if (strikes && life_.when() != Death::When::after) return std::unexpected(Death::error());
    auto result = inner_->commit(outputs, positions);
    if (strikes) return std::unexpected(Death::error());
    return result;
  }
  bool commits_beside() const override { return beside; }
  Result<std::vector<Progress>> progress() override { return inner_->progress(); }
  void close() override { inner_->close(); }
  void wake() override { inner_->wake(); }

  int faults = 0;
  std::size_t value_bytes_max = 0;
  bool beside = true;
  std::function<void()> on_commit;

 private:
  std::unique_ptr<EventLog> inner_;
  Life& life_;
  Clock& clock_;
};

/// Topics in one database, tables in another: what is written to one does not wait for the commit of the other, as with real services.
class World {
 public:
  explicit World(int partitions = 1) : World(partitions, {ToyJob::table()}) {}
  World(int partitions, std::vector<TableSchema> tables) : events_(open()), store_(open()) {
    const auto admin = make_embedded_topic_admin(events_);
    EXPECT_TRUE(admin->create("in", partitions).has_value());
    for (const char* topic : {"sums", "failed", "dlq"}) EXPECT_TRUE(admin->create(topic, 1).has_value());
    const auto store = make_embedded_table_store(store_);
    for (const TableSchema& table : tables) EXPECT_TRUE(store->create(table).has_value());
    for (const TableSchema& table : journal_tables({"toy", "journal"})) EXPECT_TRUE(store->create(table).has_value());
    EXPECT_TRUE(store->flush().has_value());
    options.job = "toy";
    options.group = "group";
    options.dead_letter_topic = "dlq";
    options.journal = {"toy", "journal"};
    options.until_end = true;
    options.version = "test";
    options.poll.wait = std::chrono::milliseconds(1);
    options.poll.linger = std::chrono::milliseconds(0);
  }

  void produce(const std::vector<std::string>& values, int partition = 0) {
    std::vector<OutputRecord> records;
    for (const std::string& value : values) records.push_back({"in", std::nullopt, value, {}});
    ASSERT_TRUE(make_embedded_topic_admin(events_)->produce(records, partition).has_value());
  }

  /// One life of a process: from start until everything is done, or death.
  Result<void> live(const Job& job, Death death = {}, int table_faults = 0, int commit_faults = 0) {
    Life life(death);
    MortalTables tables(make_embedded_table_store(store_), life);
    MortalLog log(make_embedded_event_log(events_, {"in", "group", EmbeddedLogOptions::Reset::earliest}), life, clock);
    tables.faults = table_faults;
    log.faults = commit_faults;
    log.value_bytes_max = value_bytes_max;
    log.beside = commits_beside;
    tables.on_read = on_read;
    log.on_commit = on_commit;
    MortalCache cache(make_embedded_cache(store_), tables, life);
    const auto stubs = make_embedded_http_client(store_);
    Worker worker(job, {log, tables, cache, http ? *http : *stubs, clock, metrics, log_of_remarks, search}, options);
    auto result = worker.run(std::stop_token());
    status = worker.status();
    if (life.over()) log.close();  // its lease would keep the partitions for a while
    return result;
  }

  std::vector<Record> records(const std::string& topic) {
    auto read = make_embedded_topic_admin(events_)->read({topic, 0}, {0}, 1'000'000);
    EXPECT_TRUE(read.has_value());
    return *read;
  }
  std::vector<std::string> values(const std::string& topic) {
    std::vector<std::string> values;
    for (const Record& record : records(topic)) values.push_back(record.value.value_or("(null)"));
    return values;
  }
  Rows rows(const TableName& table) {
    const RowsQuery query{table, {}, {}};
    auto rows = make_embedded_table_store(store_)->read(std::span(&query, 1)).front();
    EXPECT_TRUE(rows.has_value());
    return *rows;
  }
  void write(const std::vector<RowWrite>& rows) {
    std::vector<RowGroup> groups;
    for (const RowWrite& row : rows) groups.push_back({row});
    std::vector<TimedGroup> timed;
    for (const RowGroup& group : groups) timed.push_back({&group, {1}});
    const auto store = make_embedded_table_store(store_);
    for (const auto& written : store->write(timed)) ASSERT_TRUE(written.has_value());
    ASSERT_TRUE(store->flush().has_value());
  }
  /// Puts rows of another world's journal into this one's.
  void put_journal(const Rows& rows) {
    const auto store = make_embedded_table_store(store_);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      RowWrite row{.kind = RowWrite::Kind::insert, .table = {"toy", "journal"}, .key = {}, .set = {}};
      for (const char* column : {"consumer_group", "topic", "partition", "first_offset", "wave"}) row.key.push_back({column, rows[i][column]});
      for (const char* column : {"entry_id", "pieces", "body"}) row.set.push_back({column, rows[i][column]});
      ASSERT_TRUE(store->insert_if_absent({&row, 1}).front().value_or(false));
    }
    ASSERT_TRUE(store->flush().has_value());
  }
  /// What is there under the keys of a cache, in their order.
  std::vector<std::pair<std::string, CacheValue>> cached(const CacheId& id) {
    const auto cache = make_embedded_cache(store_);
    const auto keys = cache->keys(id);
    EXPECT_TRUE(keys.has_value());
    std::vector<CacheQuery> queries;
    for (const auto& [key, kind] : *keys) queries.push_back({.cache = id, .kind = kind, .key = key});
    std::vector<std::pair<std::string, CacheValue>> found;
    for (const auto& value : cache->read(queries)) found.emplace_back(queries[found.size()].key, value.value_or(CacheValue()));
    return found;
  }
  void write(const CacheGroup& keys) {
    ASSERT_TRUE(make_embedded_cache(store_)->write({&keys, 1}).front().has_value());
    ASSERT_TRUE(make_embedded_table_store(store_)->flush().has_value());
  }
  void answer(const std::string& path, int status_code) { answer({HttpStub{.method = "GET", .path = path, .status = status_code, .body = ""}}); }
  /// In place of all answers before.
  void answer(const std::vector<HttpStub>& stubs) { ASSERT_TRUE(put_http_stubs(*store_, stubs).has_value()); }

  ManualClock clock;
  CountingMetrics metrics;
  WorkerOptions options;
  RemarkLog log_of_remarks;
  bool commits_beside = true;
  std::unique_ptr<HttpClient> http;  ///< in place of the stubs; null: those
  SearchIndex* search = nullptr;
  std::function<void()> on_read;              ///< called for every read of tables
  std::function<void()> on_commit;            ///< called for every commit, from the thread that makes it
  std::size_t value_bytes_max = 100'000'000;  ///< what the topics take
  WorkerStatus status;

 private:
  static std::shared_ptr<EmbeddedDatabase> open() {
    auto database = EmbeddedDatabase::open(":memory:");
    EXPECT_TRUE(database.has_value());
    return *database;
  }

  std::shared_ptr<EmbeddedDatabase> events_;
  std::shared_ptr<EmbeddedDatabase> store_;
};

inline std::string text_of(const std::vector<Header>& headers, std::string_view name) {
  for (const Header& header : headers) {
    if (header.name == name) return header.value;
  }
  return "(absent)";
}

}  // namespace lernd
