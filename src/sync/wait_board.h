#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "bulk/pace.h"

namespace lernd::sync {

/// What the workers wait for, so that a person sees why nothing moves. May be used from any thread.
class WaitBoard {
 public:
  struct Wait {
    std::string what;
    bulk::Time until;
  };

  explicit WaitBoard(std::size_t workers) : waits_(workers) {}

  void set(std::size_t worker, std::optional<Wait> wait) {
    const std::scoped_lock lock(mutex_);
    waits_[worker] = std::move(wait);
  }

  /// The wait that ends first, when all workers wait.
  std::optional<Wait> shown() const {
    const std::scoped_lock lock(mutex_);
    if (!std::ranges::all_of(waits_, [](const auto& wait) { return wait.has_value(); })) return std::nullopt;
    return *std::ranges::min_element(waits_, {}, [](const auto& wait) { return wait->until; });
  }

 private:
  mutable std::mutex mutex_;  ///< guards `waits_`
  std::vector<std::optional<Wait>> waits_;
};

}  // namespace lernd::sync
