#include "core/plan.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace lernd {
namespace {

/// About what a value takes on its way to a store.
std::size_t bytes_of(const Value& value) {
  constexpr std::size_t kPlain = 8;
  if (const std::string* text = value.text()) return kPlain + text->size();
  if (const ValueBytes* bytes = std::get_if<ValueBytes>(&value.form)) return kPlain + bytes->bytes.size();
  std::size_t sum = kPlain;
  if (const ValueList* list = value.list()) {
    for (const Value& item : list->items) sum += bytes_of(item);
  } else if (const ValueMap* map = value.map()) {
    for (const auto& [key, entry] : map->entries) sum += bytes_of(key) + bytes_of(entry);
  }
  return sum;
}

std::size_t bytes_of(const RowWrite& row) {
  std::size_t sum = 0;
  for (const Cell& cell : row.key) sum += bytes_of(cell.value);
  for (const Assignment& assignment : row.set) sum += bytes_of(assignment.value);
  return sum;
}

template <class Write>
std::size_t append_groups(Plan& plan, std::vector<Write> writes, std::size_t group_size) {
  assert(group_size > 0);
  if (writes.empty()) return 0;
  WriteStage stage;
  for (std::size_t from = 0; from < writes.size(); from += group_size) {
    const auto first = writes.begin() + static_cast<std::ptrdiff_t>(from);
    const auto last = writes.begin() + static_cast<std::ptrdiff_t>(std::min(from + group_size, writes.size()));
    stage.emplace_back(std::vector<Write>(std::make_move_iterator(first), std::make_move_iterator(last)));
  }
  plan.stages.push_back(std::move(stage));
  return plan.stages.back().size();
}

}  // namespace

void Counts::add(std::string_view name, std::uint64_t n) {
  if (n == 0) return;
  const auto place = std::ranges::lower_bound(counts_, name, {}, &Count::first);
  if (place != counts_.end() && place->first == name) {
    place->second += n;
  } else {
    counts_.emplace(place, name, n);
  }
}

void Counts::add(const Counts& other) {
  for (const auto& [name, n] : other.counts_) add(name, n);
}

std::uint64_t Counts::operator[](std::string_view name) const {
  const auto place = std::ranges::lower_bound(counts_, name, {}, &Count::first);
  return place != counts_.end() && place->first == name ? place->second : 0;
}

std::size_t append_stage(Plan& plan, std::vector<RowWrite> rows, std::size_t group_rows) { return append_groups(plan, std::move(rows), group_rows); }

std::size_t append_stage(Plan& plan, std::vector<CacheWrite> keys, std::size_t group_keys) { return append_groups(plan, std::move(keys), group_keys); }

std::size_t append_stage(Plan& plan, std::vector<RowWrite> rows, std::size_t group_rows, std::size_t group_bytes) {
  assert(group_rows > 0);
  if (rows.empty()) return 0;
  WriteStage stage;
  RowGroup group;
  std::size_t bytes = 0;
  for (RowWrite& row : rows) {
    const std::size_t size = bytes_of(row);
    if (group.size() == group_rows || (!group.empty() && bytes + size > group_bytes)) {
      stage.emplace_back(std::exchange(group, {}));
      bytes = 0;
    }
    bytes += size;
    group.push_back(std::move(row));
  }
  stage.emplace_back(std::move(group));
  plan.stages.push_back(std::move(stage));
  return plan.stages.back().size();
}

}  // namespace lernd
