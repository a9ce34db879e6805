#include "unit/jobs/merge_user_courses/merging.h"

#include <gtest/gtest.h>

#include <set>

namespace lernd::merge_user_courses {

Options defaults() {
  OptionValues values = default_values(option_table());
  values.set("kafka.output.course.batch.updater.topic", "batches");
  values.set("kafka.output.enrolment.sync.topic", "enrolments");
  values.set("kafka.output.failed.topic", "failed");
  return options_from(values);
}

MergeRequest request(std::string source, std::string target, std::string mid) {
  MergeRequest request;
  request.source_id = std::move(source);
  request.target_id = std::move(target);
  request.mid = std::move(mid);
  return request;
}

Rows rows_of(const std::vector<Row>& rows) {
  std::set<std::string> columns;
  for (const Row& row : rows) {
    for (const auto& [column, cell] : row) columns.insert(column);
  }
  Rows all({columns.begin(), columns.end()});
  for (const Row& row : rows) {
    std::vector<Value> cells;
    for (const std::string& column : columns) cells.push_back(row.contains(column) ? row.at(column) : Value());
    all.add(std::move(cells));
  }
  return all;
}

Row row_of(const RowWrite& write) {
  Row row;
  for (const Cell& cell : write.key) row[cell.column] = cell.value;
  for (const Assignment& assignment : write.set) {
    EXPECT_EQ(assignment.mode, Assignment::Mode::replace) << assignment.column;
    row[assignment.column] = assignment.value;
  }
  return row;
}

Value map_of(const std::map<std::string, Value>& entries) {
  ValueMap map;
  for (const auto& [key, value] : entries) map.entries.emplace_back(key, value);
  return map;
}

Value list_of(const std::vector<Value>& items) { return ValueList{items}; }

const Plan& Merged::plan() const {
  static const Plan kNone;
  EXPECT_TRUE(std::holds_alternative<Plan>(step));
  return std::holds_alternative<Plan>(step) ? std::get<Plan>(step) : kNone;
}

Merged merge(const School& school, const MergeRequest& request, const Options& options, Stamp stamp) {
  return {run_rules(school, [&](const Facts& facts) { return advance(request, facts, options, stamp); })};
}

Row content(const std::string& user, const std::string& course, const std::string& content, Row columns) {
  columns.merge(Row{{"userid", user}, {"courseid", course}, {"batchid", "b1"}, {"contentid", content}});
  return columns;
}

Row enrolment(const std::string& user, const std::string& course, const std::string& batch, Row columns) {
  columns.merge(Row{{"userid", user}, {"courseid", course}, {"batchid", batch}});
  return columns;
}

Row aggregate(const std::string& user, const std::string& course, const std::string& batch, Row columns) {
  columns.merge(Row{{"activity_type", "Course"}, {"activity_id", course}, {"user_id", user}, {"context_id", "cb:" + batch}});
  return columns;
}

}  // namespace lernd::merge_user_courses
