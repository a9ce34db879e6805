#pragma once

#include <cstdint>
#include <string>

#include "core/record.h"

namespace lernd::sync {

/// What a log tells about a block, or about the part of one that was sent by itself.
struct LogRecord {
  std::int64_t number = 0;
  std::string body;
  std::string response;
  int status = 0;  ///< 0: no answer
  int attempts = 0;
  Timestamp time;
  std::string error;  ///< class and text; empty in the success log
};

/// The record as it stands in the log. The first three lines are those of the reference, which replay scripts read. Source: sync.md section 7.
std::string log_text(const LogRecord& record);

/// A point in time in UTC, as ISO 8601 with milliseconds.
std::string iso_time(Timestamp time);

}  // namespace lernd::sync
