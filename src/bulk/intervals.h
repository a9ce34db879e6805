#pragma once

#include <cstdint>
#include <map>

namespace lernd::bulk {

/// A set of positions, kept as disjoint intervals [first, end). Neighbours are joined.
class Intervals {
 public:
  void add(std::int64_t first, std::int64_t end);
  bool contains(std::int64_t position) const;
  /// How many positions.
  std::int64_t count() const { return count_; }
  /// first → end, in order.
  const std::map<std::int64_t, std::int64_t>& all() const { return all_; }
  bool operator==(const Intervals&) const = default;

 private:
  std::map<std::int64_t, std::int64_t> all_;
  std::int64_t count_ = 0;
};

}  // namespace lernd::bulk
