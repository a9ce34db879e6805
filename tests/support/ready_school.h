#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "app/demo/school.h"

/// What enrolment-reconciliation finds when the other jobs have been there: for tests and benches of that job alone.
namespace lernd {

/// The sets of a course, as relation-cache-updater makes them.
inline CacheGroup relation_sets(const demo::Course& course, const CacheId& cache) {
  CacheGroup group;
  const auto put = [&](const std::string& node, const char* kind, std::vector<std::string> members) {
    if (members.empty()) return;
    std::ranges::sort(members);
    group.push_back(
        {.kind = CacheWrite::Kind::put_set, .cache = cache, .key = fmt::format("{}:{}:{}", course.id, node, kind), .value = {.members = std::move(members)}});
  };
  std::vector<std::string> collections = course.units;
  collections.push_back(course.id);
  for (const std::string& collection : collections) {
    std::vector<std::string> leaves;
    std::vector<std::string> optional;
    for (const demo::Content& content : course.contents) {
      if (collection != course.id && content.unit_id != collection) continue;
      leaves.push_back(content.id);
      if (content.optional) optional.push_back(content.id);
    }
    put(collection, "leafnodes", std::move(leaves));
    put(collection, "optionalnodes", std::move(optional));
  }
  for (const demo::Content& content : course.contents) put(content.id, "ancestors", {content.unit_id, course.id});
  return group;
}

/// What was opened, with the counts of activity-aggregate-updater.
inline std::vector<RowWrite> counted_rows(const demo::School& school, const TableName& table) {
  auto rows = demo::consumption_rows(school, table);
  for (RowWrite& row : rows) {
    const bool finished = row.set.front().value == Value(2);
    row.set.push_back({"viewcount", 1});
    row.set.push_back({"completedcount", finished ? 1 : 0});
  }
  return rows;
}

}  // namespace lernd
