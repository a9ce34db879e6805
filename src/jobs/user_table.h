#pragma once

#include <vector>

#include "core/options.h"
#include "core/table.h"

namespace lernd {

/// The platform's table of users, by id. Source: user-deletion-cleanup.md section 3.

/// The rows of the option table that say where it is.
std::vector<Option> user_table_options();
TableName user_table(const OptionValues& values);
/// As deployed.
TableSchema user_table_shape(TableName name);

}  // namespace lernd
