#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/plan.h"
#include "core/table.h"

namespace lernd::merge_user_courses {

/// The text of a cell; empty when it is none.
std::string text_in(const Value& value);

/// The insert of a row like row `index` of `rows`, in the table they are from, whose key column `owner_column` says `owner`. All other columns as they are;
/// those that are not set are left out. `key` names the key columns in order.
RowWrite copy_of_row(const TableName& table, const Rows& rows, std::size_t index, std::span<const std::string_view> key, std::string_view owner_column,
                     const std::string& owner);

}  // namespace lernd::merge_user_courses
