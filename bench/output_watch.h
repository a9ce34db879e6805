#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>

#include "load.h"
#include "ports/event_log.h"

namespace lernd::bench {

/// Counts the committed records of an output topic as they come, and which item each of them is about.
class OutputWatch {
 public:
  OutputWatch(const std::string& brokers, const std::string& topic);
  ~OutputWatch();
  OutputWatch(const OutputWatch&) = delete;
  OutputWatch& operator=(const OutputWatch&) = delete;

  /// Records about items of the backlog seen so far, after waiting at most `wait` for another record.
  std::size_t look(std::chrono::milliseconds wait);
  std::size_t seen() const { return seen_; }
  /// How many of the records seen are about that item.
  std::size_t about(Part part, std::size_t item) const;
  /// Records that name no item at all.
  std::size_t strange() const { return strange_; }
  const std::string& topic() const { return topic_; }

 private:
  void note(const Record& record);

  std::string topic_;
  std::unique_ptr<EventLog> log_;
  std::array<std::unordered_map<std::size_t, std::size_t>, kParts> counts_;  ///< by part and item
  std::size_t seen_ = 0;
  std::size_t strange_ = 0;
};

}  // namespace lernd::bench
