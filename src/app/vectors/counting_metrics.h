#pragma once

#include <map>
#include <mutex>
#include <string>

#include "ports/metrics.h"

namespace lernd {

/// Keeps the counters of one job for a case; everything else is dropped.
class CountingMetrics final : public Metrics {
 public:
  void count(std::string_view, std::string_view name, std::uint64_t n) override {
    const std::scoped_lock lock(mutex_);
    counts_[std::string(name)] += n;
  }
  void dead_letter(std::string_view, ErrorCode) override {}
  void retried(std::string_view, ErrorCode) override {}
  void step_took(std::string_view, std::string_view, double) override {}
  void batch_done(std::string_view, std::uint64_t, double) override {}
  void lag(std::string_view, const TopicPartition&, std::int64_t) override {}

  std::map<std::string, std::uint64_t> counts() const {
    const std::scoped_lock lock(mutex_);
    return counts_;
  }

 private:
  mutable std::mutex mutex_;  ///< guards `counts_`
  std::map<std::string, std::uint64_t> counts_;
};

}  // namespace lernd
