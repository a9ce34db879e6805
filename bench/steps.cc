/// What one event costs in each step that does no I/O, with the load of the bench: 20 contents in 4 units, everything finished.
#include <benchmark/benchmark.h>

#include "adapters/cassandra/cql_codec.h"
#include "adapters/cassandra/cql_request.h"
#include "app/resolve.h"
#include "core/cql_type.h"
#include "core/json.h"
#include "core/plan_json.h"
#include "jobs/registry.h"
#include "loads/reconciliation.h"
#include "runtime/journal_entry.h"

namespace lernd::bench {
namespace {

constexpr std::size_t kEventsInEntry = 500;

/// The job, one of its records, and the facts it asks for.
class Fixture {
 public:
  Fixture() : values_(resolve_options(options_for(description_), {}).values), job_(description_.make(values_)) {
    record_.value = sync_request(course_, user_id(Part::backlog, 0));
    event_ = *job_->decode(record_);
    const CacheGroup sets = relation_sets(course_, description_.caches(values_).front());
    Step step = advance();
    for (; std::holds_alternative<Ask>(step); step = advance()) {
      for (const RowsQuery& query : std::get<Ask>(step).rows) facts_.put(query, answer(query));
      for (const CacheQuery& query : std::get<Ask>(step).cache) facts_.put(query, answer(query, sets));
    }
    plan_ = std::get<Plan>(std::move(step));
    for (const TableUse& use : description_.tables(values_)) {
      for (const Column& column : use.shape.columns) types_.emplace(column.name, *parse_cql_type(column.type));
    }
  }

  const Job& job() const { return *job_; }
  const Record& record() const { return record_; }
  const Plan& plan() const { return plan_; }
  /// Of a column, by its name alone: the three tables have no two columns of one name and different types.
  const CqlType& type(std::string_view column) const { return types_.find(column)->second; }
  Step advance() const { return job_->advance(*event_, facts_, {}); }

 private:
  Rows answer(const RowsQuery& query) const {
    Rows rows(query.columns);
    if (query.columns.size() == 1) {
      rows.add({Value(0)});
      return rows;
    }
    for (const std::string& content : course_.contents) rows.add({Value(content), Value(2), Value(1), Value(1)});
    return rows;
  }
  static CacheValue answer(const CacheQuery& query, const CacheGroup& sets) {
    for (const CacheWrite& set : sets) {
      if (set.key == query.key) return set.value;
    }
    return {};
  }

  const JobDescription& description_ = *find_job("enrolment-reconciliation");
  const Course course_ = make_course({}, 0);
  const OptionValues values_;
  const std::unique_ptr<Job> job_;
  Record record_;
  std::unique_ptr<Event> event_;
  Facts facts_;
  Plan plan_;
  std::map<std::string, CqlType, std::less<>> types_;
};

const Fixture& fixture() {
  static const Fixture one;
  return one;
}

void decode(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(fixture().job().decode(fixture().record()));
}
BENCHMARK(decode);

/// The last round, with all facts there; the rounds before it end earlier.
void rules(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(fixture().advance());
}
BENCHMARK(rules);

void plan_json(benchmark::State& state) {
  for (auto _ : state) {
    std::string text;
    JsonWriter json(text);
    append_json(json, fixture().plan());
    benchmark::DoNotOptimize(text);
  }
}
BENCHMARK(plan_json);

/// An entry of a whole batch; the time is that of one event in it.
void journal_entry(benchmark::State& state) {
  JournalEntry entry;
  entry.items.assign(kEventsInEntry,
                     JournalItem{.offsets = {Offset{1}}, .fingerprint = fingerprint(fixture().record()), .error = {}, .plan = fixture().plan()});
  std::size_t bytes = 0;
  while (state.KeepRunningBatch(kEventsInEntry)) {
    const std::string text = to_text(entry);
    bytes = text.size();
    benchmark::DoNotOptimize(text);
  }
  state.counters["bytes"] = static_cast<double>(bytes / kEventsInEntry);
}
BENCHMARK(journal_entry);

/// Statement texts and cells of all writes.
void cql_encode(benchmark::State& state) {
  for (auto _ : state) {
    std::string cells;
    std::vector<cassandra::CqlStatement> statements;
    for (const WriteStage& stage : fixture().plan().stages) {
      for (const WriteGroup& group : stage) {
        for (const RowWrite& row : std::get<RowGroup>(group)) cassandra::append_write_statements(row, statements);
      }
    }
    for (const auto& statement : statements) {
      for (const auto& [column, value] : statement.bindings) {
        if (value == nullptr) {
          cassandra::append_bigint_cell(1, cells);
        } else if (!cassandra::append_cell(fixture().type(column), *value, cells)) {
          return state.SkipWithError("a value does not fit its column");
        }
      }
    }
    benchmark::DoNotOptimize(cells);
  }
}
BENCHMARK(cql_encode);

}  // namespace
}  // namespace lernd::bench

BENCHMARK_MAIN();
