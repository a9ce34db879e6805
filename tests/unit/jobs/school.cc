#include "unit/jobs/school.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace lernd {
namespace {

constexpr const char* kKeyspace = "sunbird_courses";

/// The body of enrolment-reconciliation.md section 6.2, letter by letter.
std::string search_body(const std::string& course_id) {
  return R"({"request":{"filters":{"objectType":"Collection","identifier":")" + course_id +
         R"(","status":["Live","Unlisted","Retired"]},"fields":["status"]}})";
}

bool matches(const School::Row& row, const std::vector<Cell>& key) {
  return std::ranges::all_of(key, [&](const Cell& cell) {
    const auto found = row.find(cell.column);
    return found != row.end() && found->second == cell.value;
  });
}

void merge(Value& into, const Value& more) {
  std::map<std::string, Value> entries;
  for (const Value* map : {static_cast<const Value*>(&into), &more}) {
    if (map->is_null()) continue;
    for (const auto& [key, value] : map->map()->entries) entries[*key.text()] = value;
  }
  ValueMap merged;
  for (const auto& [key, value] : entries) merged.entries.emplace_back(key, value);
  into = merged;
}

std::vector<std::string> columns_of(const std::vector<School::Row>& table) {
  std::set<std::string> names;
  for (const School::Row& row : table) {
    for (const auto& [name, cell] : row) names.insert(name);
  }
  return {names.begin(), names.end()};
}

}  // namespace

void School::answer(const Ask& ask, Facts& facts) const {
  for (const RowsQuery& query : ask.rows) facts.put(query, rows(query));
  for (const CacheQuery& query : ask.cache) {
    const auto found = sets.find(query.key);
    const bool here = found != sets.end() && query.kind == CacheKind::set && query.cache == CacheId{"redis", 10};
    CacheValue value{.text = {}, .members = here ? found->second : Ids(), .fields = {}};
    std::ranges::sort(value.members);
    const auto text = texts.find(query.key);
    if (text != texts.end() && query.kind == CacheKind::text && query.cache != CacheId{"redis", 10}) value.text = text->second;
    facts.put(query, std::move(value));
  }
  for (const HttpQuery& query : ask.http) facts.put(query, call(query));
}

Rows School::rows(const RowsQuery& query) const {
  const auto table = tables.find(query.table.table);
  if (query.table.keyspace != kKeyspace || table == tables.end()) return Rows(query.columns);
  const auto columns = query.columns.empty() ? columns_of(table->second) : query.columns;
  Rows rows(columns);
  for (const Row& row : table->second) {
    if (!matches(row, query.key)) continue;
    std::vector<Value> cells;
    for (const std::string& column : columns) {
      const auto cell = row.find(column);
      cells.push_back(cell == row.end() ? Value() : cell->second);
    }
    rows.add(std::move(cells));
  }
  return rows;
}

HttpAnswer School::call(const HttpQuery& query) const {
  const std::vector<Header> headers = {{"Content-Type", "application/json"}};
  if (query.method != "POST" || query.url != "http://11.2.6.6/search/v3/search" || query.headers != headers) return {404, ""};
  for (const auto& [id, answer] : search) {
    if (query.body == search_body(id)) return answer;
  }
  return {404, ""};
}

void School::apply(const Plan& plan) {
  for (const WriteStage& stage : plan.stages) {
    for (const WriteGroup& group : stage) {
      std::visit([&](const auto& writes) { std::ranges::for_each(writes, [&](const auto& write) { apply(write); }); }, group);
    }
  }
}

void School::apply(const DocumentWrite& write) { ADD_FAILURE() << "no job of a school has an index, but " << write.document.index << " is changed"; }

void School::apply(const RowWrite& write) {
  auto& table = tables[write.table.table];
  auto row = std::ranges::find_if(table, [&](const Row& candidate) { return matches(candidate, write.key); });
  if (row == table.end()) {
    row = table.emplace(table.end());
    for (const Cell& cell : write.key) (*row)[cell.column] = cell.value;
  }
  for (const Assignment& assignment : write.set) {
    if (assignment.mode == Assignment::Mode::merge) {
      merge((*row)[assignment.column], assignment.value);
    } else {
      (*row)[assignment.column] = assignment.value;
    }
  }
}

void School::apply(const CacheWrite& write) {
  if (write.kind == CacheWrite::Kind::put_text) texts[write.key] = write.value.text.value_or("");
}

void School::shuffle(std::mt19937_64& random) {
  for (auto& [name, table] : tables) std::ranges::shuffle(table, random);
  for (auto& [key, members] : sets) std::ranges::shuffle(members, random);
}

RulesRun run_rules(const School& school, const std::function<Step(const Facts&)>& rules) {
  return run_rules([&](const Ask& ask, Facts& facts) { school.answer(ask, facts); }, rules);
}

Course Course::with_set(const std::string& node, const std::string& kind, Ids ids) const {
  Course changed = *this;
  changed.school_.sets[id_ + ":" + node + ":" + kind] = std::move(ids);
  return changed;
}

Course Course::unit(const std::string& unit, const Ids& contents) const { return unit_without_leaf_set(unit, contents).with_set(unit, "leafnodes", contents); }

Course Course::unit_without_leaf_set(const std::string& unit, const Ids& contents) const {
  Course changed = *this;
  for (const std::string& content : contents) {
    Ids& above = changed.school_.sets[id_ + ":" + content + ":ancestors"];
    if (above.empty()) above.push_back(id_);
    above.push_back(unit);
  }
  return changed;
}

Course Course::known_as(const std::string& status) const {
  return search_answers(200, R"({"result":{"count":1,"content":[{"identifier":")" + id_ + R"(","status":")" + status + R"("}]}})");
}

Course Course::search_answers(int status, std::string body) const {
  Course changed = *this;
  changed.school_.search[id_] = {status, std::move(body)};
  return changed;
}

Learner Learner::with(const Ids& contents, Value status) const {
  Learner changed = *this;
  for (const std::string& content : contents) changed.contents_.emplace_back(content, status);
  return changed;
}

Learner Learner::enrolled(Value status) const {
  Learner changed = *this;
  changed.enrolment_ = std::move(status);
  return changed;
}

School Learner::in(const Course& course) const {
  School school = course.school_;
  const School::Row key = {{"userid", id_}, {"courseid", course.id()}, {"batchid", "b1"}};
  for (const auto& [content, status] : contents_) {
    School::Row row = key;
    row.insert({{"contentid", content}, {"status", status}, {"viewcount", 3}, {"completedcount", status == Value(2) ? 1 : 0}});
    school.tables["user_content_consumption"].push_back(std::move(row));
  }
  if (enrolment_) {
    School::Row row = key;
    row.insert({{"status", *enrolment_}, {"active", true}});
    school.tables["user_enrolments"].push_back(std::move(row));
  }
  return school;
}

std::map<std::string, std::uint64_t> counts_in(const Counts& counts) {
  std::map<std::string, std::uint64_t> found;
  for (const auto& [name, n] : counts.all()) found.emplace(name, n);
  return found;
}

}  // namespace lernd
