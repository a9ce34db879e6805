#include "core/plan.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace lernd {

void Counts::add(std::string_view name, std::uint64_t n) {
  if (n == 0) return;
  for (auto& [known, count] : counts_) {
    if (known == name) {
      count += n;
      return;
    }
  }
  counts_.emplace_back(name, n);
}

void Counts::add(const Counts& other) {
  for (const auto& [name, n] : other.counts_) add(name, n);
}

std::uint64_t Counts::operator[](std::string_view name) const {
  for (const auto& [known, count] : counts_) {
    if (known == name) return count;
  }
  return 0;
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
