#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/plan.h"
#include "core/table.h"
#include "jobs/course_progress/enrolment_key.h"

namespace lernd::course_progress {

/// States of a content and of an enrolment, as the tables keep them.
inline constexpr int kInProgress = 1;
inline constexpr int kCompleted = 2;

/// A learner's consumption of one content. A null status reads as in progress, null counts as 0.
struct ContentRow {
  std::string_view content_id;
  int status = kInProgress;
  int view_count = 0;
  int completed_count = 0;
  bool from_input = false;        ///< the event in hand is about it
  bool first_view = false;        ///< it was never viewed before that event
  bool first_completion = false;  ///< it was never completed before that event
};

/// The rows of `user_content_consumption` of one enrolment. The ids are views into `rows`.
std::vector<ContentRow> content_rows(const Rows& rows);

/// The ids of the finished contents, and of all of them, in the order of the rows.
std::vector<std::string_view> finished(const std::vector<ContentRow>& contents);
std::vector<std::string_view> ids(const std::vector<ContentRow>& contents);

/// The tables the course progress jobs write, with their names from the options.
struct ProgressTables {
  TableName consumption;
  TableName aggregates;
  TableName enrolments;
};

/// Reads of one enrolment: its content rows, and the status of its own row.
RowsQuery consumption_query(const ProgressTables& tables, const EnrolmentKey& enrolment);
RowsQuery enrolment_query(const ProgressTables& tables, const EnrolmentKey& enrolment);

/// Whether an enrolment is to be left alone, by the answer to `enrolment_query`: it is not there, or completed.
bool is_processed(const Rows& enrolment);

/// The columns that name a content of an enrolment.
std::vector<Cell> consumption_key(const EnrolmentKey& enrolment, std::string_view content_id);

/// The number of finished contents of a course or unit: statement Q2. Other entries of the two maps stay.
RowWrite aggregate_write(const ProgressTables& tables, const EnrolmentKey& enrolment, std::string_view activity_id, std::size_t completed, Timestamp now);

/// The enrolment brought up to date: statement Q5 when `complete`, else Q4. `contentstatus` is replaced as a whole.
RowWrite enrolment_write(const ProgressTables& tables, const EnrolmentKey& enrolment, const std::vector<ContentRow>& contents, std::size_t completed,
                         bool complete, Timestamp now);

}  // namespace lernd::course_progress
