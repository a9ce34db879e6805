#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "bulk/id_reader.h"
#include "core/record.h"
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
  std::optional<bulk::LineCounts> lines;  ///< of an id file
  Totals totals;
  std::map<std::string, std::string> files;  ///< what they are → absolute path
};

std::string report_json(const Report& report);

/// The table a person sees at the end.
std::string report_text(const Report& report);

}  // namespace lernd::sync
