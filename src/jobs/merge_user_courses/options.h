#pragma once

#include <string>
#include <vector>

#include "core/options.h"
#include "core/table.h"
#include "jobs/merge_user_courses/date_format.h"

namespace lernd::merge_user_courses {

/// What an operator can set, resolved. Meanings and defaults: `option_table`.
struct Options {
  TableName contents;
  TableName enrolments;
  TableName aggregates;
  TableName ledger;
  std::string course_batch_topic;
  std::string enrolment_sync_topic;  ///< empty: no second event
  std::string failed_topic;
  DateFormat dates;
};

/// The job's rows of the option table. Source: merge-user-courses.md section 12.
std::vector<Option> option_table();

Options options_from(const OptionValues& values);

}  // namespace lernd::merge_user_courses
