#include "script.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "adapters/cassandra/cql_codec.h"
#include "adapters/cassandra/cql_request.h"
#include "adapters/embedded/database.h"
#include "adapters/redis/redis_commands.h"
#include "core/cql_type.h"
#include "runtime/asker.h"
#include "support/must.h"

namespace lernd::bench {
namespace {

/// Events whose facts are in memory at a time.
constexpr std::size_t kEventsAtOnce = 200;

void append_number(std::size_t number, std::string& bytes) {
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(number >> shift & 0xff);
}

void append_text(std::string_view text, std::string& bytes) {
  append_number(text.size(), bytes);
  bytes += text;
}

/// Requests in the form of the script, with the statements and caches they refer to.
class Encoder {
 public:
  explicit Encoder(const World& world) : world_(world) {
    for (const TableUse& use : world.job().tables(world.values())) {
      for (const Column& column : use.shape.columns) types_.emplace(std::pair(use.shape.name, column.name), must(parse_cql_type(column.type)));
    }
  }

  std::string request(const RowsQuery& query, std::size_t rows) {
    std::string bytes;
    append_number(0, bytes);
    append_number(rows, bytes);
    append_number(1, bytes);
    append_part(cassandra::select_statement(query), query.table, {}, bytes);
    return bytes;
  }

  std::string request(const RowGroup& group, WriteTime time) {
    std::vector<cassandra::CqlStatement> statements;
    std::vector<const TableName*> tables;
    for (const RowWrite& row : group) {
      cassandra::append_write_statements(row, statements);
      tables.resize(statements.size(), &row.table);
    }
    std::string bytes;
    append_number(0, bytes);
    append_number(kNoRows, bytes);
    append_number(statements.size(), bytes);
    for (std::size_t i = 0; i < statements.size(); ++i) append_part(statements[i], *tables[i], time, bytes);
    return bytes;
  }

  std::string request(const CacheId& cache, const RedisCommands& commands) {
    const auto index = static_cast<std::size_t>(std::ranges::find(caches_, cache) - caches_.begin());
    if (index == caches_.size()) caches_.push_back(cache);
    std::string bytes;
    append_number(1 + index, bytes);
    append_number(commands.count(), bytes);
    append_text(commands.bytes(), bytes);
    return bytes;
  }

  std::string head() const {
    std::string bytes;
    append_number(texts_.size(), bytes);
    for (const std::string& text : texts_) append_text(text, bytes);
    append_number(caches_.size(), bytes);
    for (const CacheId& cache : caches_) {
      append_text(fmt::format("{}:{}", world_.option(cache.endpoint + ".host"), world_.values().integer(cache.endpoint + ".port")), bytes);
      append_number(static_cast<std::size_t>(cache.database), bytes);
    }
    return bytes;
  }

 private:
  void append_part(const cassandra::CqlStatement& statement, const TableName& table, WriteTime time, std::string& bytes) {
    const auto [known, is_new] = indices_.try_emplace(statement.text, texts_.size());
    if (is_new) texts_.push_back(statement.text);
    append_number(known->second, bytes);
    std::string cells;
    for (const auto& [column, value] : statement.bindings) {
      if (value == nullptr) {
        cassandra::append_bigint_cell(time.us, cells);
      } else {
        must(cassandra::append_cell(types_.at({table, std::string(column)}), *value, cells));
      }
    }
    append_text(cells, bytes);
  }

  const World& world_;
  std::map<std::pair<TableName, std::string>, CqlType> types_;
  std::map<std::string, std::size_t> indices_;
  std::vector<std::string> texts_;
  std::vector<CacheId> caches_;
};

/// What the stores hold for a few items, once more, in memory: reading it from the servers would warm them up for just these items.
class Copy {
 public:
  explicit Copy(const World& world) : services_(make_embedded_services(must(EmbeddedDatabase::open(":memory:")), world.job(), world.values())) {
    ports_ = must(services_->open());
    for (const TableUse& use : world.job().tables(world.values())) must(ports_.tables->create(use.shape));
    put(world.load().shared());
  }

  void put(const Stock& stock) {
    std::vector<RowGroup> rows;
    for (const RowWrite& row : stock.rows) rows.push_back({row});
    for (auto& outcome : ports_.tables->write(at_one_time(rows, {}))) must(std::move(outcome));
    std::vector<CacheGroup> keys;
    for (const CacheWrite& key : stock.keys) keys.push_back({key});
    for (auto& outcome : ports_.cache->write(keys)) must(std::move(outcome));
  }

  Ports& ports() { return ports_; }

 private:
  std::unique_ptr<lernd::Services> services_;
  Ports ports_;
};

/// The steps of one event, as they come to light round by round.
struct Scripted {
  std::unique_ptr<Event> event;
  Stamp stamp;
  Ask asked;  ///< what it was the first one to ask in the latest round
  std::vector<std::vector<std::string>> steps;
  bool planned = false;
};

/// Runs the rules of events side by side, as the runtime does with a batch, and notes the requests.
class Rehearsal {
 public:
  explicit Rehearsal(World& world) : world_(world), job_(world.job().make(world.values())), encoder_(world) {}

  std::vector<Scripted> run(std::size_t begin, std::size_t end) {
    std::vector<Scripted> all;
    Copy copy(world_);
    for (std::size_t i = begin; i < end; ++i) {
      const std::size_t item = i % world_.limit_items();
      copy.put(world_.load().before(Part::limit, item));
      const Record record{.value = world_.load().event(Part::limit, item, 0)};
      auto event = job_->decode(record);
      if (!event) throw std::runtime_error("the job skips an event of the driver limit: " + event.error().error.text);
      const Origin origin{.source = {.topic = "limit", .partition = 0}, .offset = {static_cast<std::int64_t>(i)}};
      all.push_back({.event = *std::move(event), .stamp = {.now = world_.clock().now(), .seed = world_.clock().random(), .origin = origin}});
    }
    Asker asker({*copy.ports().tables, *copy.ports().cache, *copy.ports().http, copy.ports().search.get(), world_.clock()}, std::chrono::milliseconds(0));
    Facts facts;
    while (advance(all, asker, facts)) {
    }
    return all;
  }

  std::string head() const { return encoder_.head(); }

 private:
  /// One round. False when every event has its plan.
  bool advance(std::vector<Scripted>& all, Asker& asker, Facts& facts) {
    MergedAsk merged;
    for (Scripted& one : all) {
      if (one.planned) continue;
      Step step = job_->advance(*one.event, facts, one.stamp);
      if (const Reject* reject = std::get_if<Reject>(&step)) throw std::runtime_error("the job rejects an event of the driver limit: " + reject->error.text);
      if (const Plan* plan = std::get_if<Plan>(&step)) {
        append_plan(*plan, one);
        one.planned = true;
      } else {
        one.asked = unheard(std::get<Ask>(step));
        merged.add(std::get<Ask>(step));
      }
    }
    if (!merged.ask().pending()) return false;
    const Unanswered unanswered = asker.answer(merged.ask(), facts);
    if (const Error* error = unanswered.find(merged.ask())) throw std::runtime_error(error->text);
    for (Scripted& one : all) {
      if (!one.planned) append_asks(one, facts);
    }
    return true;
  }

  Ask unheard(const Ask& ask) {
    if (!ask.http.empty()) throw std::runtime_error("the driver limit knows no HTTP services, and the job asks one");
    Ask fresh;
    std::ranges::copy_if(ask.rows, std::back_inserter(fresh.rows), [&](const RowsQuery& query) { return rows_asked_.insert(query).second; });
    std::ranges::copy_if(ask.cache, std::back_inserter(fresh.cache), [&](const CacheQuery& query) { return keys_asked_.insert(query).second; });
    return fresh;
  }

  void append_asks(Scripted& one, const Facts& facts) {
    if (!one.asked.pending()) return;
    Ask none;
    auto& requests = one.steps.emplace_back();
    for (const RowsQuery& query : one.asked.rows) requests.push_back(encoder_.request(query, facts.rows(query, none)->size()));
    std::map<CacheId, RedisCommands> reads;
    for (const CacheQuery& query : one.asked.cache) append_read(reads[query.cache], query);
    for (const auto& [cache, commands] : reads) requests.push_back(encoder_.request(cache, commands));
  }

  void append_plan(const Plan& plan, Scripted& one) {
    const WriteTime time = world_.clock().write_time();
    for (const WriteStage& stage : plan.stages) {
      auto& requests = one.steps.emplace_back();
      std::map<CacheId, RedisCommands> writes;
      for (const WriteGroup& group : stage) {
        if (const auto* rows = std::get_if<RowGroup>(&group)) {
          requests.push_back(encoder_.request(*rows, time));
        } else {
          const auto& keys = std::get<CacheGroup>(group);
          append_group(writes[keys.front().cache], keys);
        }
      }
      for (const auto& [cache, commands] : writes) requests.push_back(encoder_.request(cache, commands));
    }
  }

  World& world_;
  const std::unique_ptr<Job> job_;
  Encoder encoder_;
  std::unordered_set<RowsQuery, QueryHash> rows_asked_;
  std::unordered_set<CacheQuery, QueryHash> keys_asked_;
};

}  // namespace

void write_script(World& world, std::size_t first, std::size_t count, std::ostream& out) {
  Rehearsal rehearsal(world);
  std::string events;
  for (std::size_t begin = first; begin < first + count; begin += kEventsAtOnce) {
    for (const Scripted& one : rehearsal.run(begin, std::min(begin + kEventsAtOnce, first + count))) {
      append_number(one.steps.size(), events);
      for (const auto& requests : one.steps) {
        append_number(requests.size(), events);
        for (const std::string& request : requests) events += request;
      }
    }
  }
  std::string number;
  append_number(count, number);
  out << rehearsal.head() << number << events;
}

}  // namespace lernd::bench
