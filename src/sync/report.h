#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/record.h"
#include "sync/id_reader.h"
#include "sync/ledger.h"

namespace lernd::sync {

enum class Status : std::uint8_t { completed, completed_with_failures, stopped, interrupted, dry_run };

std::string_view name_of(Status status);

/// What a run came to. Source: sync.md section 7.
struct Report {
  Status status = Status::completed;
  int exit_code = 0;
  std::string object_type;
  std::string endpoint;  ///< with masked password
  std::string source;
  std::string operation_type;
  bool resumed = false;
  Timestamp started;
  Timestamp ended;
  std::int64_t elapsed_ms = 0;
  std::optional<LineCounts> lines;  ///< of an id file
  Totals totals;
  std::map<std::string, std::string> files;  ///< what they are → absolute path
};

std::string report_json(const Report& report);

/// The table a person sees at the end.
std::string report_text(const Report& report);

/// A span of time as a person says it: `850 ms`, `12.3 s`, `4 min 10 s`, `2 h 5 min`, `11 d 14 h`.
std::string duration_text(std::int64_t ms);

}  // namespace lernd::sync
