#include <string>
#include <variant>
#include <vector>

#include "core/json.h"
#include "core/plan_json.h"
#include "fuzz/require.h"
#include "jobs/registry.h"

/// A record through every job: it is skipped with a reason, or its rules come to an end with whatever the stores answer, and their plan can be stored and
/// shown.
namespace lernd {
namespace {

/// More rounds than any job takes.
constexpr int kRoundsMax = 20;

const Stamp kStamp = {.now = {1700000000000}, .seed = {1, 2}};

/// Everything that may be left empty is set, so that every part of the rules takes part.
OptionValues values_for(const JobDescription& job) {
  OptionValues values = default_values(job.options);
  for (const char* cache : {"redis", "redis-meta"}) {
    values.set(std::string(cache) + ".host", "localhost");
    values.set(std::string(cache) + ".port", "6379");
  }
  for (const Option& option : job.options) {
    if (option.type == OptionType::text && option.choices.empty() && option.default_value.empty()) {
      values.set(option.name, option.role == Option::Role::url ? "http://service" : "set");
    }
  }
  return values;
}

std::vector<std::unique_ptr<Job>> make_jobs() {
  std::vector<std::unique_ptr<Job>> jobs;
  for (const JobDescription& job : all_jobs()) jobs.push_back(job.make(values_for(job)));
  return jobs;
}

/// Answers that depend on nothing but the question and the record.
class Answers {
 public:
  explicit Answers(const std::string& record) : record_(record), state_(std::hash<std::string>{}(record)) {}

  void give(const Ask& ask, Facts& facts) {
    for (const RowsQuery& query : ask.rows) facts.put(query, rows(query));
    for (const CacheQuery& query : ask.cache) facts.put(query, {.text = text(), .members = {"a", "b", "c\xff"}, .fields = {{"a", text()}}});
    for (const HttpQuery& query : ask.http) facts.put(query, {next(2) == 0 ? 200 : 500, record_});
    for (const DocumentId& document : ask.documents) facts.put(document, {.source = next(2) == 0 ? "" : record_, .version = {}});
  }

 private:
  std::size_t next(std::size_t n) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state_ >> 33) % n;
  }

  std::string text() { return record_.substr(next(record_.size() + 1), 8); }

  Value value() {
    const Value values[] = {Value(), 0, 2, 1.5, text(), Timestamp{static_cast<std::int64_t>(state_)}, true, ValueMap{{{text(), 2}}}, ValueList{{text()}}};
    return values[next(std::size(values))];
  }

  Rows rows(const RowsQuery& query) {
    Rows rows(query.columns);
    for (std::size_t n = next(4); n > 0; --n) {
      std::vector<Value> cells;
      for (std::size_t i = 0; i < query.columns.size(); ++i) cells.push_back(value());
      rows.add(std::move(cells));
    }
    return rows;
  }

  const std::string& record_;
  std::size_t state_;
};

void check(const Plan& plan) {
  std::string text;
  JsonWriter json(text);
  append_json(json, plan);
  const auto document = JsonDocument::parse(text);
  require(document.has_value());
  auto read = plan_from_json(document->root());
  require(read.has_value());
  read->counts = plan.counts;
  // Of remarks only those for audit are kept.
  auto kept = plan.remarks;
  std::erase_if(kept, [](const Remark& remark) { return !remark.audit; });
  require(read->remarks == kept);
  read->remarks = plan.remarks;
  require(*read == plan);
  require(!describe(plan, "").empty());
  for (const OutputRecord& record : plan.outputs) require(record.value && JsonDocument::parse(*record.value).has_value());
}

void check(const Job& job, const Record& record) {
  const auto event = job.decode(record);
  if (!event) {
    require(!event.error().error.text.empty() && is_utf8(event.error().error.text));
    return;
  }
  require(!job.order_keys(**event).empty());
  check(job.parked(**event, Facts(), {Treatment::reject, ErrorCode::bad_answer, ""}, kStamp));

  Facts facts;
  Answers answers(*record.value);
  Step step = job.advance(**event, facts, kStamp);
  for (int round = 0; std::holds_alternative<Ask>(step); ++round) {
    require(round < kRoundsMax && std::get<Ask>(step).pending());
    answers.give(std::get<Ask>(step), facts);
    step = job.advance(**event, facts, kStamp);
  }
  if (const Plan* plan = std::get_if<Plan>(&step)) check(*plan);
  check(job.parked(**event, facts, {Treatment::reject, ErrorCode::bad_answer, ""}, kStamp));
  job.fold(**event, **job.decode(record));
}

}  // namespace
}  // namespace lernd

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const auto jobs = lernd::make_jobs();
  const lernd::Record record{.offset = {}, .time = {}, .key = {}, .value = std::string(reinterpret_cast<const char*>(bytes), size), .headers = {}};
  for (const auto& job : jobs) lernd::check(*job, record);
  return 0;
}
