#include "app/service_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/cql_type.h"

namespace lernd {
namespace {

class Checker {
 public:
  Checker(const JobSetup& setup, Services& services) : setup_(setup), services_(services) {}

  Findings run(bool with_http) {
    if (sound("lms-cassandra.") && sound("lernd.cassandra.")) tables();
    if (caches_sound()) cache();
    if (sound("es.basePath") && sound("lernd.es.")) indices();
    if (sound("kafka.broker-servers") && sound("lernd.kafka.")) topics();
    if (with_http && !services_.embedded() && sound("lernd.http.")) http();
    return std::move(findings_);
  }

 private:
  /// No option that begins like this has a fault.
  bool sound(std::string_view start) const {
    return std::ranges::none_of(setup_.faulty, [&](const std::string& option) { return option.starts_with(start); });
  }

  bool caches_sound() const {
    return sound("lernd.redis.") && std::ranges::all_of(setup_.job->caches(setup_.values), [&](const CacheId& cache) { return sound(cache.endpoint + "."); });
  }

  const std::string& text(const std::string& option) const { return setup_.values.text(option); }

  std::string where() const { return services_.embedded() ? text("lernd.embedded.file") : ""; }

  void note(const Error& error) {
    Faults& list = error.treatment == Treatment::retry ? findings_.away : findings_.faults;
    list.push_back({where(), error.text, ""});
  }

  std::string schema_command(bool all) const { return fmt::format("`lernd schema {}{} --apply` creates it", setup_.job->name, all ? " --all" : ""); }

  void tables() {
    auto store = services_.open_tables();
    if (!store) return note(store.error());
    if (auto alive = (*store)->ping(); !alive) return note(alive.error());
    for (const auto& use : setup_.job->tables(setup_.values)) table(**store, use, schema_command(!use.ours));
    if (!is_journalled(*setup_.job, setup_.values)) return;
    for (auto& shape : journal_tables(journal_table(*setup_.job, setup_.values))) {
      TableUse use{std::move(shape), {}, "lernd.journal.table"};
      for (const auto& column : use.shape.columns) use.needed.push_back(column.name);
      table(**store, use, schema_command(false));
    }
  }

  void table(TableStore& store, const TableUse& use, const std::string& remedy) {
    const auto found = store.describe(use.shape.name);
    if (!found) return note(found.error());
    for (auto& fault : check_table(use, found->has_value() ? &**found : nullptr, remedy)) {
      if (fault.where.empty()) fault.where = where();
      findings_.faults.push_back(std::move(fault));
    }
  }

  void cache() {
    if (setup_.job->caches(setup_.values).empty()) return;
    auto opened = services_.open_cache();
    if (!opened) return note(opened.error());
    if (auto alive = (*opened)->ping(); !alive) return note(alive.error());
    // A server may answer and yet not have the database, or not let us read there. What this key holds, if anything, does not matter.
    std::vector<CacheQuery> reads;
    for (const auto& cache : setup_.job->caches(setup_.values)) reads.push_back({.cache = cache, .kind = CacheKind::set, .key = "lernd:check"});
    for (const auto& answer : (*opened)->read(reads)) {
      if (!answer) note(answer.error());
    }
  }

  void indices() {
    if (setup_.job->indices.empty()) return;
    auto search = services_.open_search();
    if (!search) return note(search.error());
    if (auto alive = (*search)->ping(); !alive) return note(alive.error());
    for (const auto& index : setup_.job->indices) {
      const auto there = (*search)->exists(index);
      if (!there) {
        note(there.error());
      } else if (!*there) {
        findings_.faults.push_back(
            {where(), fmt::format("the search index {} is not there", index),
             services_.embedded() ? schema_command(true) : fmt::format("correct es.basePath ({}): name the servers that hold it", text("es.basePath"))});
      }
    }
  }

  void topics() {
    const auto& job = *setup_.job;
    std::map<std::string, std::string> option_of;
    if (sound(job.group_option) && sound("lernd.dead_letter_topic")) option_of.emplace(dead_letter_topic(job, setup_.values), "lernd.dead_letter_topic");
    if (sound(job.input_topic_option)) option_of.emplace(text(job.input_topic_option), job.input_topic_option);
    for (const auto& option : job.output_topic_options) {
      if (sound(option)) option_of.emplace(text(option), option);
    }
    option_of.erase("");
    std::vector<std::string> names;
    for (const auto& [topic, option] : option_of) names.push_back(topic);
    auto admin = services_.open_topics();
    if (!admin) return note(admin.error());
    const auto described = (*admin)->describe(names);
    if (!described) return note(described.error());
    for (const auto& topic : *described) {
      if (topic.partitions > 0) continue;
      const auto& option = option_of.at(topic.name);
      const bool ours = option == "lernd.dead_letter_topic";
      findings_.faults.push_back({where(), fmt::format("the topic {} ({}) is not there", topic.name, option),
                                  fmt::format("correct {}, or create the topic: {}", option, schema_command(!ours))});
    }
  }

  void http() {
    const auto services = setup_.job->services(setup_.values);
    if (services.empty()) return;
    auto client = services_.open_http();
    if (!client) return note(client.error());
    for (const auto& service : services) {
      if (!sound(service.url_option)) continue;
      std::string url = text(service.url_option);
      if (!url.contains("://")) url.insert(0, "http://");
      const HttpQuery query{.service = service.name, .method = "GET", .url = url};
      const auto answers = (*client)->call({&query, 1});
      if (answers.front()) continue;  // Any status is an answer: somebody is there.
      Faults& list = answers.front().error().treatment == Treatment::retry ? findings_.away : findings_.faults;
      list.push_back(
          {"", fmt::format("{} ({})", answers.front().error().text, service.url_option), fmt::format("correct {} or start the service", service.url_option)});
    }
  }

  const JobSetup& setup_;
  Services& services_;
  Findings findings_;
};

}  // namespace

Findings check_services(const JobSetup& setup, Services& services, bool with_http) { return Checker(setup, services).run(with_http); }

bool same_type(std::string_view a, std::string_view b) {
  const auto first = parse_cql_type(a);
  const auto second = parse_cql_type(b);
  return first && second && text_of(*first) == text_of(*second);
}

Faults check_table(const TableUse& use, const TableSchema* found, const std::string& remedy) {
  const std::string name = use.shape.name.text();
  const std::string table = fmt::format("the table {} ({})", name, use.option);
  if (found == nullptr) return {{"", table + " is not there", fmt::format("correct {}, or create the table: {}", use.option, remedy)}};
  Faults faults;
  for (const auto& column : use.needed) {
    const auto& type = use.shape.find(column)->type;
    const auto* is = found->find(column);
    if (is == nullptr) {
      faults.push_back({"", fmt::format("{} has no column {} ({})", table, column, type), fmt::format("ALTER TABLE {} ADD {} {}", name, column, type)});
    } else if (!same_type(is->type, type)) {
      faults.push_back({"", fmt::format("the column {} of {} is {}, not {}", column, table, is->type, type),
                        fmt::format("correct {} if it names the wrong table; else the table has to be made anew", use.option)});
    }
  }
  for (const auto& column : found->key) {
    // Rows are found by their whole key; a key column that the job has no value for leaves no way to do so.
    if (std::ranges::find(use.shape.key, column) != use.shape.key.end()) continue;
    faults.push_back({"", fmt::format("the key of {} has the column {}, which the job does not know", table, column),
                      fmt::format("correct {}: it names a table of another kind", use.option)});
  }
  return faults;
}

}  // namespace lernd
