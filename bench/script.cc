#include "script.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <memory>
#include <ostream>
#include <span>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <vector>

#include "adapters/elasticsearch/elasticsearch_requests.h"
#include "adapters/embedded/database.h"
#include "adapters/redis/redis_commands.h"
#include "runtime/asker.h"
#include "script_encoder.h"
#include "support/must.h"

namespace lernd::bench {
namespace {

/// Events whose facts are in memory at a time.
constexpr std::size_t kEventsAtOnce = 200;

/// Rows and keys of a few items once more, in memory: reading them from the servers would warm these up for just these items.
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
    Asker asker({*copy.ports().tables, *copy.ports().cache, *world_.ports().http, world_.ports().search.get(), world_.clock()}, std::chrono::milliseconds(0));
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
        append_plan(*plan, facts, one);
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
    Ask fresh;
    std::ranges::copy_if(ask.rows, std::back_inserter(fresh.rows), [&](const RowsQuery& query) { return rows_asked_.insert(query).second; });
    std::ranges::copy_if(ask.cache, std::back_inserter(fresh.cache), [&](const CacheQuery& query) { return keys_asked_.insert(query).second; });
    std::ranges::copy_if(ask.http, std::back_inserter(fresh.http), [&](const HttpQuery& query) { return http_asked_.insert(query).second; });
    std::ranges::copy_if(ask.documents, std::back_inserter(fresh.documents), [&](const DocumentId& id) { return documents_asked_.insert(id).second; });
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
    for (const HttpQuery& query : one.asked.http) requests.push_back(encoder_.request(query));
    const std::size_t at_once = ElasticsearchOptions().read_documents_max;
    for (std::span<const DocumentId> rest = one.asked.documents; !rest.empty(); rest = rest.subspan(std::min(at_once, rest.size()))) {
      requests.push_back(encoder_.request(elasticsearch::read_request(rest.first(std::min(at_once, rest.size())))));
    }
  }

  void append_documents(const DocumentGroup& documents, const Facts& facts, std::vector<std::string>& requests) {
    const ElasticsearchOptions options;
    Ask none;
    std::string lines;
    const auto send = [&] {
      if (!lines.empty())
        requests.push_back(encoder_.request(elasticsearch::bulk_request(lines, elasticsearch::Shown::at_the_next_refresh, options.server_timeout)));
      lines.clear();
    };
    for (const DocumentWrite& write : documents) {
      const StoredDocument& stored = *facts.document(write.document, none);
      const std::string more = must(elasticsearch::lines_of(DocumentUpdate{write.document, changed_fields(stored.source, write), stored.version}));
      if (lines.size() + more.size() > options.request_bytes_max) send();
      lines += more;
    }
    send();
  }

  void append_plan(const Plan& plan, const Facts& facts, Scripted& one) {
    const WriteTime time = world_.clock().write_time();
    for (const WriteStage& stage : plan.stages) {
      auto& requests = one.steps.emplace_back();
      std::map<CacheId, RedisCommands> writes;
      for (const WriteGroup& group : stage) {
        if (const auto* rows = std::get_if<RowGroup>(&group)) {
          requests.push_back(encoder_.request(*rows, time));
        } else if (const auto* documents = std::get_if<DocumentGroup>(&group)) {
          append_documents(*documents, facts, requests);
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
  ScriptEncoder encoder_;
  std::unordered_set<RowsQuery, QueryHash> rows_asked_;
  std::unordered_set<CacheQuery, QueryHash> keys_asked_;
  std::unordered_set<HttpQuery, QueryHash> http_asked_;
  std::unordered_set<DocumentId, QueryHash> documents_asked_;
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
