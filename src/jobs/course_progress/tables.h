#pragma once

#include <vector>

#include "core/job_description.h"
#include "core/table.h"
#include "jobs/course_progress/progress.h"

namespace lernd::course_progress {

/// The deployed shapes of the three tables of course progress. Source: enrolment-reconciliation.md section 3.
TableSchema consumption_shape(TableName name);
TableSchema aggregates_shape(TableName name);
TableSchema enrolments_shape(TableName name);

/// The three tables with the columns that are read or written.
std::vector<TableUse> table_uses(const ProgressTables& tables);

}  // namespace lernd::course_progress
