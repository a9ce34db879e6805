#include "jobs/merge_user_courses/row_copy.h"

#include <algorithm>

namespace lernd::merge_user_courses {

std::string text_in(const Value& value) { return value.text() == nullptr ? std::string() : *value.text(); }

RowWrite copy_of_row(const TableName& table, const Rows& rows, std::size_t index, std::span<const std::string_view> key, std::string_view owner_column,
                     const std::string& owner) {
  RowWrite write{.kind = RowWrite::Kind::insert, .table = table, .key = {}, .set = {}};
  for (const std::string_view column : key) write.key.push_back({std::string(column), column == owner_column ? Value(owner) : rows[index][column]});
  const auto cells = rows[index].cells();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string& column = rows.columns()[i];
    if (!cells[i].is_null() && std::ranges::find(key, column) == key.end()) write.set.push_back({column, cells[i]});
  }
  return write;
}

}  // namespace lernd::merge_user_courses
