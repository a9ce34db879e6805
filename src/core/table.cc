#include "core/table.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace lernd {

const Column* TableSchema::find(std::string_view column) const {
  const auto found = std::ranges::find(columns, column, &Column::name);
  return found == columns.end() ? nullptr : &*found;
}

const Value& Rows::Row::operator[](std::string_view column) const {
  static const Value kNull;
  const auto found = std::ranges::find(rows_->columns_, column);
  if (found == rows_->columns_.end()) return kNull;
  const auto position = static_cast<std::size_t>(std::distance(rows_->columns_.begin(), found));
  return rows_->cells_[index_ * rows_->columns_.size() + position];
}

void Rows::add(std::vector<Value> cells) {
  assert(cells.size() == columns_.size());
  cells_.insert(cells_.end(), std::make_move_iterator(cells.begin()), std::make_move_iterator(cells.end()));
}

}  // namespace lernd
