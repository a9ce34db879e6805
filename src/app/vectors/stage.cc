#include "app/vectors/stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "app/system_clock.h"
#include "app/vectors/table_json.h"
#include "runtime/dead_letter.h"

namespace lernd {
namespace {

using nlohmann::json;

constexpr std::size_t kRecordsMax = 100000;

std::unexpected<Error> refuse(std::string text) { return fail(Treatment::fatal, ErrorCode::invalid_option, std::move(text)); }

bool is_set(std::string_view type) { return type.starts_with("set<") || type.starts_with("frozen<set<"); }

Result<void> first_error(const std::vector<Result<void>>& answers) {
  for (const auto& answer : answers) {
    if (!answer) return answer;
  }
  return {};
}

CacheWrite cache_write(const CacheId& cache, const std::string& key, const json& value) {
  CacheWrite write{.kind = CacheWrite::Kind::put_text, .cache = cache, .key = key};
  if (value.is_string()) {
    write.value.text = value.get<std::string>();
  } else if (value.is_array()) {
    write.kind = CacheWrite::Kind::put_set;
    for (const auto& member : value) write.value.members.push_back(member.is_string() ? member.get<std::string>() : member.dump());
  } else {
    write.kind = CacheWrite::Kind::put_hash;
    for (const auto& [field, text] : value.items()) write.value.fields.emplace_back(field, text.is_string() ? text.get<std::string>() : text.dump());
  }
  return write;
}

json json_of(CacheKind kind, const CacheValue& value) {
  if (kind == CacheKind::text) return value.text.value_or("");
  if (kind == CacheKind::set) return value.members;
  json fields = json::object();
  for (const auto& [field, text] : value.fields) fields[field] = text;
  return fields;
}

const std::string* header(const Record& record, std::string_view name) {
  const auto found = std::ranges::find(record.headers, name, &Header::name);
  return found == record.headers.end() ? nullptr : &found->value;
}

}  // namespace

Result<VectorStage> VectorStage::open(const JobDescription& job, const OptionValues& plain, const OptionValues& values, const OptionTable& table,
                                      Services& services) {
  VectorStage stage(job, values, table);
  const auto named = job.tables(plain);
  const auto actual = job.tables(values);
  for (std::size_t i = 0; i < named.size(); ++i) stage.tables_.emplace(named[i].shape.name.text(), actual[i].shape);
  auto ports = services.open();
  if (!ports) return std::unexpected(ports.error());
  stage.ports_ = std::move(*ports);
  auto topics = services.open_topics();
  if (!topics) return std::unexpected(topics.error());
  stage.topics_ = std::move(*topics);
  return stage;
}

Result<const TableSchema*> VectorStage::schema(const std::string& name) const {
  const auto found = tables_.find(name);
  if (found == tables_.end()) return refuse(fmt::format("the job {} has no table {}", job_->name, name));
  return &found->second;
}

CacheId VectorStage::cache_id(int database) const {
  const auto caches = job_->caches(*values_);
  const auto found = std::ranges::find(caches, database, &CacheId::database);
  if (found != caches.end()) return *found;
  return {caches.empty() ? "redis" : caches.front().endpoint, database};
}

Result<void> VectorStage::set_up(const VectorCase& vector) {
  if (auto made = make_tables(); !made) return made;
  for (const auto& [name, rows] : vector.tables) {
    if (auto done = insert(name, rows); !done) return done;
  }
  for (const auto& [database, keys] : vector.redis) {
    if (auto done = fill_cache(database, keys); !done) return done;
  }
  for (const auto& index : job_->indices) {
    if (auto made = ports_.search->create(index); !made) return made;
  }
  for (const auto& [index, documents] : vector.search) {
    if (auto done = fill_index(index, documents); !done) return done;
  }
  if (auto done = ports_.tables->flush(); !done) return done;
  return send(vector.input);
}

Result<void> VectorStage::make_tables() {
  for (const auto& [name, shape] : tables_) {
    if (auto made = ports_.tables->create(shape); !made) return made;
  }
  if (!is_journalled(*job_, *values_)) return {};
  for (const auto& shape : journal_tables(journal_table(*job_, *values_))) {
    if (auto made = ports_.tables->create(shape); !made) return made;
  }
  return {};
}

Result<void> VectorStage::insert(const std::string& name, const json& rows) {
  const auto found = schema(name);
  if (!found) return std::unexpected(found.error());
  const TableSchema& shape = **found;
  std::vector<RowGroup> groups;
  for (const auto& row : rows) {
    RowWrite write{.kind = RowWrite::Kind::insert, .table = shape.name};
    for (const auto& [column_name, cell] : row.items()) {
      const auto* column = shape.find(column_name);
      if (column == nullptr) return refuse(fmt::format("table {} has no column {}", name, column_name));
      auto value = value_of_type(cell, column->type);
      if (!value) return refuse(fmt::format("table {} column {}: {}", name, column_name, value.error().text));
      if (std::ranges::find(shape.key, column_name) != shape.key.end()) {
        write.key.push_back({column_name, std::move(*value)});
      } else {
        write.set.push_back({column_name, std::move(*value)});
      }
    }
    if (write.key.size() != shape.key.size()) return refuse(fmt::format("table {} holds a row without its whole key", name));
    std::ranges::sort(write.key, {}, [&](const Cell& cell) { return std::ranges::find(shape.key, cell.column) - shape.key.begin(); });
    groups.push_back({std::move(write)});
  }
  return first_error(ports_.tables->write(at_one_time(groups, make_system_clock()->write_time())));
}

Result<void> VectorStage::fill_cache(int database, const json& keys) {
  std::vector<CacheGroup> groups;
  for (const auto& [key, value] : keys.items()) groups.push_back({cache_write(cache_id(database), key, value)});
  return first_error(ports_.cache->write(groups));
}

Result<void> VectorStage::check_index(const std::string& index) const {
  if (std::ranges::find(job_->indices, index) != job_->indices.end()) return {};
  return refuse(fmt::format("the job {} has no search index {}", job_->name, index));
}

Result<void> VectorStage::fill_index(const std::string& index, const VectorCase::Documents& documents) {
  if (auto known = check_index(index); !known) return known;
  std::vector<NewDocument> fresh;
  for (const auto& [id, source] : documents) fresh.push_back({.document = {.index = index, .id = id}, .source = source.dump()});
  return first_error(ports_.search->put(fresh));
}

Result<void> VectorStage::send(const std::vector<std::string>& messages) {
  const auto& input = values_->text(job_->input_topic_option);
  std::set<std::string> topics{input, dead_letter_topic(*job_, *values_)};
  for (const auto& option : job_->output_topic_options) topics.insert(values_->text(option));
  for (const auto& topic : topics) {
    if (topic.empty()) continue;
    if (auto made = topics_->create(topic, 1); !made) return made;
  }
  std::vector<OutputRecord> records;
  for (const auto& message : messages) records.push_back({.topic = input, .value = message});
  return topics_->produce(records, 0);
}

Result<VectorOutcome> VectorStage::collect(const VectorCase& vector) {
  VectorOutcome outcome;
  const auto& expect = vector.expect;
  for (const auto& [name, rows] : expect.tables.value_or(std::map<std::string, json>())) {
    auto table = read_table(name);
    if (!table) return std::unexpected(table.error());
    outcome.tables.emplace(name, std::move(*table));
  }
  for (const auto& [database, keys] : expect.redis.value_or(std::map<int, json>())) {
    auto found = read_cache(database);
    if (!found) return std::unexpected(found.error());
    outcome.redis.emplace(database, std::move(*found));
  }
  for (const auto& [index, documents] : expect.search.value_or(std::map<std::string, VectorCase::Documents>())) {
    auto found = read_index(index);
    if (!found) return std::unexpected(found.error());
    outcome.search.emplace(index, std::move(*found));
  }
  for (const auto& [option, events] : expect.topics.value_or(std::map<std::string, json>())) {
    auto records = read_topic(option);
    if (!records) return std::unexpected(records.error());
    outcome.topics.emplace(option, std::move(*records));
  }
  for (const auto& [name, value] : expect.metrics.value_or(std::map<std::string, std::uint64_t>())) {
    if (std::ranges::find(job_->counters, name) == job_->counters.end()) return refuse(fmt::format("the job {} has no counter {}", job_->name, name));
  }
  auto failed = read_failed();
  if (!failed) return std::unexpected(failed.error());
  outcome.failed = std::move(*failed);
  return outcome;
}

Result<VectorOutcome::Table> VectorStage::read_table(const std::string& name) {
  const auto found = schema(name);
  if (!found) return std::unexpected(found.error());
  const TableSchema& shape = **found;
  VectorOutcome::Table table{.key = shape.key};
  for (const auto& column : shape.columns) {
    if (is_set(column.type)) table.sets.insert(column.name);
  }
  const RowsQuery query{.table = shape.name};
  auto answers = ports_.tables->read({&query, 1});
  if (!answers.front()) return std::unexpected(answers.front().error());
  const Rows& rows = *answers.front();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    json row = json::object();
    for (const auto& column : rows.columns()) {
      if (const auto& cell = rows[i][column]; !cell.is_null()) row[column] = lernd::json_of(cell);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Result<json> VectorStage::read_cache(int database) {
  const CacheId cache = cache_id(database);
  auto keys = ports_.cache->keys(cache);
  if (!keys) return std::unexpected(keys.error());
  std::vector<CacheQuery> queries;
  for (const auto& [key, kind] : *keys) queries.push_back({.cache = cache, .kind = kind, .key = key});
  auto answers = ports_.cache->read(queries);
  json found = json::object();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i]) return std::unexpected(answers[i].error());
    found[queries[i].key] = json_of(queries[i].kind, *answers[i]);
  }
  return found;
}

Result<VectorCase::Documents> VectorStage::read_index(const std::string& index) {
  if (auto known = check_index(index); !known) return std::unexpected(known.error());
  // Searches see a change at the next refresh, and not every job waits for that.
  if (auto shown = ports_.search->refresh(index); !shown) return std::unexpected(shown.error());
  auto stored = ports_.search->search(index, {});
  if (!stored) return std::unexpected(stored.error());
  VectorCase::Documents documents;
  for (const auto& [id, document] : *stored) documents.emplace(id, json::parse(document.source, nullptr, false));
  return documents;
}

Result<std::vector<json>> VectorStage::read_topic(const std::string& name) {
  const auto* option = option_table_->find(name);
  if (option == nullptr || (option->role != Option::Role::topic && option->role != Option::Role::optional_topic)) {
    return refuse(fmt::format("expect topics: {} is not the option of a topic of {}", name, job_->name));
  }
  const auto topic = option->name == "lernd.dead_letter_topic" ? dead_letter_topic(*job_, *values_) : values_->text(option->name);
  auto records = topics_->read({topic, 0}, Offset{0}, kRecordsMax);
  if (!records) return std::unexpected(records.error());
  std::vector<json> events;
  for (const auto& record : *records) {
    json event = json::parse(record.value.value_or("null"), nullptr, false);
    events.push_back(event.is_discarded() ? json(*record.value) : std::move(event));
  }
  return events;
}

Result<std::set<std::size_t>> VectorStage::read_failed() {
  auto letters = topics_->read({dead_letter_topic(*job_, *values_), 0}, Offset{0}, kRecordsMax);
  if (!letters) return std::unexpected(letters.error());
  std::set<std::size_t> failed;
  for (const auto& letter : *letters) {
    const auto* exception = header(letter, dead_letter_header::kException);
    const auto* offset = header(letter, dead_letter_header::kOffset);
    if (exception == nullptr || offset == nullptr) return refuse("a dead letter has no reason or no position");
    std::size_t position = 0;
    std::from_chars(offset->data(), offset->data() + offset->size(), position);
    // A skipped message is kept as a dead letter when its bytes are bad, but it has not ended in an error.
    if (!exception->starts_with(name_of(Treatment::skip))) failed.insert(position);
  }
  return failed;
}

}  // namespace lernd
