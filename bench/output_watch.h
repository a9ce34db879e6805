#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "ports/event_log.h"

namespace lernd::bench {

/// Counts the committed records of a topic as they come.
class OutputWatch {
 public:
  OutputWatch(const std::string& brokers, const std::string& topic);
  ~OutputWatch();

  /// Records seen so far, after waiting at most `wait` for another one.
  std::size_t look(std::chrono::milliseconds wait);
  std::size_t seen() const { return seen_; }

 private:
  std::unique_ptr<EventLog> log_;
  std::size_t seen_ = 0;
};

}  // namespace lernd::bench
