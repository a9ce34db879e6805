#include "loads/course.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lernd::bench {
namespace {

/// States of a content and of an enrolment, as the tables keep them.
constexpr int kInProgress = 1;
constexpr int kCompleted = 2;

CacheWrite put_set(const CacheId& cache, std::string key, std::vector<std::string> members) {
  std::ranges::sort(members);
  return {.kind = CacheWrite::Kind::put_set, .cache = cache, .key = std::move(key), .value = {.members = std::move(members)}};
}

}  // namespace

Course make_course(const Size& size, std::uint32_t run, std::size_t number) {
  Course course{.id = fmt::format("do_3{:010}1{:08}", run, number), .batch_id = fmt::format("01{:010}{:07}", run, number), .units = {}, .contents = {}};
  for (std::size_t unit = 0; unit < size.units; ++unit) course.units.push_back(fmt::format("do_3{:010}2{:04}{:04}", run, number, unit));
  for (std::size_t i = 0; i < size.contents; ++i) course.contents.push_back(fmt::format("do_3{:010}3{:04}{:04}", run, number, i));
  return course;
}

std::vector<CacheWrite> relation_sets(const Course& course, const CacheId& cache) {
  std::vector<CacheWrite> sets{put_set(cache, fmt::format("{0}:{0}:leafnodes", course.id), course.contents)};
  for (std::size_t unit = 0; unit < course.units.size(); ++unit) {
    std::vector<std::string> leaf;
    for (std::size_t i = unit; i < course.contents.size(); i += course.units.size()) leaf.push_back(course.contents[i]);
    sets.push_back(put_set(cache, fmt::format("{}:{}:leafnodes", course.id, course.units[unit]), std::move(leaf)));
  }
  for (std::size_t i = 0; i < course.contents.size(); ++i) {
    sets.push_back(put_set(cache, fmt::format("{}:{}:ancestors", course.id, course.contents[i]), {course.unit_of(i), course.id}));
  }
  return sets;
}

std::size_t Enrolment::finished_count() const { return static_cast<std::size_t>(std::ranges::count(finished, true)); }

ProgressRows::ProgressRows(const Course& course, const OptionValues& values)
    : course_(course),
      consumption_{values.text("lms-cassandra.keyspace"), values.text("lms-cassandra.consumption.table")},
      aggregates_{values.text("lms-cassandra.keyspace"), values.text("lms-cassandra.user_activity_agg.table")},
      enrolments_{values.text("lms-cassandra.keyspace"), values.text("lms-cassandra.user_enrolments.table")} {}

std::vector<Cell> ProgressRows::key_of(const Enrolment& enrolment) const {
  return {{"userid", enrolment.user_id}, {"courseid", course_.id}, {"batchid", course_.batch_id}};
}

std::vector<RowWrite> ProgressRows::stock(const Enrolment& enrolment, int count) const {
  std::vector<RowWrite> rows;
  for (std::size_t i = 0; i < course_.contents.size(); ++i) {
    RowWrite& row = rows.emplace_back(RowWrite{.kind = RowWrite::Kind::insert, .table = consumption_, .key = key_of(enrolment), .set = {}});
    row.key.push_back({"contentid", course_.contents[i]});
    row.set = {{"status", enrolment.finished[i] ? kCompleted : kInProgress}, {"viewcount", count}, {"completedcount", enrolment.finished[i] ? count : 0}};
  }
  rows.push_back({.kind = RowWrite::Kind::insert, .table = enrolments_, .key = key_of(enrolment), .set = {{"status", 0}, {"active", true}}});
  return rows;
}

RowsQuery ProgressRows::contents_query(const Enrolment& enrolment, std::vector<std::string> columns) const {
  return {consumption_, std::move(columns), key_of(enrolment)};
}

void ProgressRows::append_findings(const Enrolment& enrolment, Findings& findings) const {
  const auto add_aggregate = [&](const std::string& activity, std::size_t finished) {
    RowsQuery query{aggregates_, {"context_id", "aggregates"}, {{"activity_type", "Course"}, {"activity_id", activity}, {"user_id", enrolment.user_id}}};
    Rows rows(query.columns);
    rows.add({"cb:" + course_.batch_id, ValueMap{{{"completedCount", static_cast<double>(finished)}}}});
    findings.rows.emplace_back(std::move(query), std::move(rows));
  };
  const std::size_t finished = enrolment.finished_count();
  add_aggregate(course_.id, finished);
  for (std::size_t unit = 0; unit < course_.units.size(); ++unit) {
    std::size_t of_unit = 0;
    for (std::size_t i = unit; i < course_.contents.size(); i += course_.units.size()) of_unit += enrolment.finished[i] ? 1 : 0;
    add_aggregate(course_.units[unit], of_unit);
  }
  RowsQuery query{enrolments_, {"status", "progress"}, key_of(enrolment)};
  Rows rows(query.columns);
  rows.add({finished == course_.contents.size() ? kCompleted : kInProgress, static_cast<std::int64_t>(finished)});
  findings.rows.emplace_back(std::move(query), std::move(rows));
}

}  // namespace lernd::bench
