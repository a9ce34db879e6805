#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "bulk/pace.h"
#include "bulk/progress.h"
#include "runtime/rate.h"

namespace lernd::cache_tool {

/// How far a run is, for whoever shows it. May be used from any thread.
class RunStatus {
 public:
  explicit RunStatus(bulk::Waiter& waiter) : waiter_(waiter) {}

  /// `total` may be 0 while it is not known.
  void begin(std::int64_t total, std::int64_t done, std::int64_t failed) {
    const std::scoped_lock lock(mutex_);
    progress_ = {.done = done, .total = total, .failed = failed};
  }
  void add(std::int64_t done, std::int64_t failed) {
    const std::scoped_lock lock(mutex_);
    progress_.done += done;
    progress_.failed += failed;
    rate_.add(static_cast<std::uint64_t>(done), waiter_.now());
  }
  void set_wait(std::string what, bulk::Time until) {
    const std::scoped_lock lock(mutex_);
    progress_.waits_for = std::move(what);
    until_ = until;
  }
  void end_wait() { set_wait({}, {}); }

  bulk::Progress look() {
    const std::scoped_lock lock(mutex_);
    const auto now = waiter_.now();
    bulk::Progress progress = progress_;
    progress.per_second = rate_.per_second(now);
    if (!progress.waits_for.empty() && until_ > now) progress.waits_seconds = std::chrono::ceil<std::chrono::seconds>(until_ - now).count();
    return progress;
  }

 private:
  bulk::Waiter& waiter_;
  std::mutex mutex_;  ///< guards all below
  bulk::Progress progress_;
  Rate rate_;
  bulk::Time until_{};
};

}  // namespace lernd::cache_tool
