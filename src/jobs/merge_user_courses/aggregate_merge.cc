#include "jobs/merge_user_courses/aggregate_merge.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "jobs/merge_user_courses/merge_value.h"
#include "jobs/merge_user_courses/row_copy.h"

namespace lernd::merge_user_courses {
namespace {

constexpr std::array<std::string_view, 4> kKey{"activity_type", "activity_id", "user_id", "context_id"};
constexpr std::string_view kCompleted = "completedCount";

/// The entries of a map column by key; none when it is not set.
using Entries = std::map<std::string, Value>;

Entries entries_in(const Value& value) {
  Entries entries;
  if (const ValueMap* map = value.map()) {
    for (const auto& [key, entry] : map->entries) entries.emplace(text_in(key), entry);
  }
  return entries;
}

/// The entries of S and T with the larger value of each.
Entries united(const Value& source, const Value& target) {
  Entries entries = entries_in(target);
  for (const auto& [key, value] : entries_in(source)) {
    Value& entry = entries[key];
    entry = larger(value, entry);
  }
  return entries;
}

/// Adds those entries that are not in the target already.
void set_changed(RowWrite& write, const std::string& column, const Entries& entries, const Value& target) {
  const Entries stored = entries_in(target);
  ValueMap changed;
  for (const auto& [key, value] : entries) {
    if (const auto found = stored.find(key); found == stored.end() || found->second != value) changed.entries.emplace_back(key, value);
  }
  if (!changed.entries.empty()) write.set.push_back({column, std::move(changed), Assignment::Mode::merge});
}

/// T's elements, then S's that are not in T.
Value joined(const Value& source, const Value& target) {
  if (source.list() == nullptr) return target;
  ValueList list = target.list() == nullptr ? ValueList() : *target.list();
  std::set<std::string> known;
  for (const Value& item : list.items) known.insert(text_in(item));
  for (const Value& item : source.list()->items) {
    if (!known.contains(text_in(item))) list.items.push_back(item);
  }
  return list;
}

void set_column(RowWrite& write, const std::string& column, const Value& source, const Value& target, Timestamp now) {
  if (column == "aggregates") {
    Entries entries = united(source, target);
    Value& completed = entries[std::string(kCompleted)];
    completed = larger(completed, Value(0.0));
    set_changed(write, column, entries, target);
  } else if (column == "agg_last_updated") {
    Entries entries = united(source, target);
    entries[std::string(kCompleted)] = now;
    set_changed(write, column, entries, target);
  } else if (column == "agg") {
    set_changed(write, column, united(source, target), target);
  } else {
    const Value value = column == "agg_details" ? joined(source, target) : kept(source, target);
    if (value != target && !value.is_null()) write.set.push_back({column, value});
  }
}

}  // namespace

RowsQuery aggregates_query(const TableName& table, const std::string& course_id, const std::string& user_id) {
  return {table, {}, {{"activity_type", "Course"}, {"activity_id", course_id}, {"user_id", user_id}}};
}

std::vector<RowWrite> merge_aggregates(const TableName& table, const Rows& source, const Rows& target, const std::string& target_id, Timestamp now) {
  std::map<std::string, std::size_t> by_context;
  for (std::size_t i = 0; i < target.size(); ++i) by_context.emplace(text_in(target[i]["context_id"]), i);
  const Value unset;
  std::vector<RowWrite> writes;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const Rows::Row row = source[i];
    const auto found = by_context.find(text_in(row["context_id"]));
    RowWrite& write = writes.emplace_back(RowWrite{.kind = RowWrite::Kind::update, .table = table, .key = {}, .set = {}});
    for (const std::string_view column : kKey) write.key.push_back({std::string(column), column == "user_id" ? Value(target_id) : row[column]});
    for (const std::string& column : source.columns()) {
      if (std::ranges::find(kKey, column) != kKey.end()) continue;
      set_column(write, column, row[column], found == by_context.end() ? unset : target[found->second][column], now);
    }
  }
  return writes;
}

}  // namespace lernd::merge_user_courses
