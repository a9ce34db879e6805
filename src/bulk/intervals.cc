#include "bulk/intervals.h"

#include <algorithm>
#include <iterator>

namespace lernd::bulk {

void Intervals::add(std::int64_t first, std::int64_t end) {
  if (first >= end) return;
  auto at = all_.upper_bound(first);
  if (at != all_.begin() && std::prev(at)->second >= first) --at;
  while (at != all_.end() && at->first <= end) {
    first = std::min(first, at->first);
    end = std::max(end, at->second);
    count_ -= at->second - at->first;
    at = all_.erase(at);
  }
  all_.emplace_hint(at, first, end);
  count_ += end - first;
}

bool Intervals::contains(std::int64_t position) const {
  const auto at = all_.upper_bound(position);
  return at != all_.begin() && std::prev(at)->second > position;
}

}  // namespace lernd::bulk
