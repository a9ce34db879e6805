#pragma once

#include <map>
#include <string>
#include <vector>

#include "jobs/merge_user_courses/rules.h"
#include "unit/jobs/school.h"

namespace lernd::merge_user_courses {

using Row = School::Row;

/// The options as they are when nothing is configured.
Options defaults();

MergeRequest request(std::string source = "s", std::string target = "t", std::string mid = "m1");

/// Rows with all columns that any of them has.
Rows rows_of(const std::vector<Row>& rows);

/// Key and columns of a write. Fails the test when a column is merged.
Row row_of(const RowWrite& write);

Value map_of(const std::map<std::string, Value>& entries);
Value list_of(const std::vector<Value>& items);

/// What became of a request: the last step, and what was asked for in each round before it.
struct Merged : RulesRun {
  /// The plan; an empty one, and a failure of the test, when there is none.
  const Plan& plan() const;
};

/// Runs the rules, and answers what they ask for, until they ask no more.
Merged merge(const School& school, const MergeRequest& request = merge_user_courses::request(), const Options& options = defaults(),
             Stamp stamp = lernd::stamp());

/// A row of each table with its key and some columns.
Row content(const std::string& user, const std::string& course, const std::string& content, Row columns = {});
Row enrolment(const std::string& user, const std::string& course, const std::string& batch, Row columns = {});
Row aggregate(const std::string& user, const std::string& course, const std::string& batch, Row columns = {});

}  // namespace lernd::merge_user_courses
