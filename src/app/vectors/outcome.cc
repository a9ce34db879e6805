#include "app/vectors/outcome.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace lernd {
namespace {

using nlohmann::json;

bool is_empty_cell(const json& cell) { return cell.is_null() || (cell.is_structured() && cell.empty()); }

json sorted(json list) {
  std::sort(list.begin(), list.end(), [](const json& a, const json& b) { return a.dump() < b.dump(); });
  return list;
}

/// An expected row as the store shows it: no nulls, no empty collections, sets in order.
json plain_row(const json& row, const VectorOutcome::Table& table) {
  json plain = json::object();
  for (const auto& [column, cell] : row.items()) {
    if (!is_empty_cell(cell)) plain[column] = cell.is_array() && table.sets.contains(column) ? sorted(cell) : cell;
  }
  return plain;
}

std::string row_name(const json& row, const std::vector<std::string>& key) {
  std::vector<std::string> cells;
  for (const auto& column : key) cells.push_back(fmt::format("{}={}", column, row.contains(column) ? shown_json(row[column]) : "null"));
  return fmt::format("({})", fmt::join(cells, ", "));
}

bool same_key(const json& expected, const json& found, const std::vector<std::string>& key, const Matcher& matcher) {
  return std::ranges::all_of(key, [&](const std::string& column) { return matcher.matches(expected.value(column, json()), found.value(column, json())); });
}

void compare_table(const std::string& name, const json& expected, const VectorOutcome::Table& table, const Matcher& matcher, Differences& differences) {
  std::vector<json> left = table.rows;
  for (const auto& item : expected) {
    const json row = plain_row(item, table);
    const std::string place = fmt::format("tables {} {} ", name, row_name(row, table.key));
    const auto found = std::ranges::find_if(left, [&](const json& candidate) { return same_key(row, candidate, table.key, matcher); });
    if (found == left.end()) {
      differences.push_back({place, shown_json(row), "no such row"});
      continue;
    }
    matcher.compare(row, *found, place, differences);
    left.erase(found);
  }
  for (const auto& row : left) differences.push_back({fmt::format("tables {} {} ", name, row_name(row, table.key)), "no such row", shown_json(row)});
}

void compare_redis(int database, const json& expected, const json& found, const Matcher& matcher, Differences& differences) {
  json plain = json::object();
  for (const auto& [key, value] : expected.items()) plain[key] = value.is_array() ? sorted(value) : value;
  matcher.compare(plain, found, fmt::format("redis {} ", database), differences);
}

void compare_documents(const std::string& index, const VectorCase::Documents& expected, const VectorCase::Documents& found, const Matcher& matcher,
                       Differences& differences) {
  for (const auto& [id, source] : expected) {
    const std::string place = fmt::format("search {} {} ", index, id);
    const auto document = found.find(id);
    if (document == found.end()) {
      differences.push_back({place, shown_json(source), "no such document"});
    } else {
      matcher.compare(source, document->second, place, differences);
    }
  }
  for (const auto& [id, source] : found) {
    if (!expected.contains(id)) differences.push_back({fmt::format("search {} {} ", index, id), "no such document", shown_json(source)});
  }
}

void compare_calls(const std::vector<VectorCase::Call>& expected, const std::vector<HttpCall>& found, const Matcher& matcher, Differences& differences) {
  for (std::size_t i = 0; i < std::max(expected.size(), found.size()); ++i) {
    const std::string place = fmt::format("http [{}] ", i);
    if (i >= found.size()) {
      differences.push_back({place, fmt::format("{} {}", expected[i].method.value_or("a call to"), expected[i].path.value_or("any path")), "no call"});
      continue;
    }
    if (i >= expected.size()) {
      differences.push_back({place, "no call", fmt::format("{} {}", found[i].method, found[i].path)});
      continue;
    }
    const auto compare_part = [&](const char* part, const std::optional<std::string>& wanted, const std::string& is) {
      if (wanted) matcher.compare(*wanted, is, place + part, differences);
    };
    compare_part("method", expected[i].method, found[i].method);
    compare_part("path", expected[i].path ? std::optional(plain_path(*expected[i].path)) : std::nullopt, found[i].path);
    compare_part("query", expected[i].query, found[i].query);
    if (!expected[i].body) continue;
    const json body = json::parse(found[i].body, nullptr, false);
    if (body.is_discarded()) {
      differences.push_back({place + "body", shown_json(*expected[i].body), "a body that is not JSON"});
    } else {
      matcher.compare(*expected[i].body, body, place + "body", differences, Matcher::Objects::subset);
    }
  }
}

std::string positions(const std::set<std::size_t>& set) { return set.empty() ? "none" : fmt::format("{}", fmt::join(set, ", ")); }

}  // namespace

Differences compare_outcome(const VectorCase::Expected& expected, const VectorOutcome& outcome, const Matcher& matcher) {
  Differences differences;
  if (expected.tables) {
    for (const auto& [name, rows] : *expected.tables) compare_table(name, rows, outcome.tables.at(name), matcher, differences);
  }
  if (expected.redis) {
    for (const auto& [database, keys] : *expected.redis) compare_redis(database, keys, outcome.redis.at(database), matcher, differences);
  }
  if (expected.search) {
    for (const auto& [index, documents] : *expected.search) compare_documents(index, documents, outcome.search.at(index), matcher, differences);
  }
  if (expected.topics) {
    for (const auto& [option, events] : *expected.topics) matcher.compare(events, json(outcome.topics.at(option)), "topics " + option + " ", differences);
  }
  if (expected.http) compare_calls(*expected.http, outcome.calls, matcher, differences);
  if (expected.metrics) {
    for (const auto& [name, value] : *expected.metrics) {
      const auto found = outcome.metrics.find(name);
      const std::uint64_t count = found == outcome.metrics.end() ? 0 : found->second;
      if (count != value) differences.push_back({"metrics " + name, fmt::format("{}", value), fmt::format("{}", count)});
    }
  }
  const std::set<std::size_t> failed(expected.failed.begin(), expected.failed.end());
  if (failed != outcome.failed) differences.push_back({"failed", positions(failed), positions(outcome.failed)});
  return differences;
}

}  // namespace lernd
