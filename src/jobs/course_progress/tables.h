#pragma once

#include "core/table.h"

namespace lernd::course_progress {

/// The deployed shapes of the three tables of course progress. Source: enrolment-reconciliation.md section 3.
TableSchema consumption_shape(TableName name);
TableSchema aggregates_shape(TableName name);
TableSchema enrolments_shape(TableName name);

}  // namespace lernd::course_progress
