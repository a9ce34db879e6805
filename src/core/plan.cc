#include "core/plan.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace lernd {

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

std::size_t append_stage(Plan& plan, std::vector<RowWrite> rows, std::size_t group_rows) {
  assert(group_rows > 0);
  if (rows.empty()) return 0;
  WriteStage stage;
  for (std::size_t from = 0; from < rows.size(); from += group_rows) {
    const auto first = rows.begin() + static_cast<std::ptrdiff_t>(from);
    const auto last = rows.begin() + static_cast<std::ptrdiff_t>(std::min(from + group_rows, rows.size()));
    stage.emplace_back(RowGroup(std::make_move_iterator(first), std::make_move_iterator(last)));
  }
  plan.stages.push_back(std::move(stage));
  return plan.stages.back().size();
}

}  // namespace lernd
