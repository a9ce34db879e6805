#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/cache_tool/judge.h"
#include "app/cache_tool/user_source.h"
#include "app/cache_tool/world.h"

namespace lernd::cache_tool {

struct CheckOptions {
  UserSource source;
  std::int64_t sample = 1000;  ///< of the table; a file is checked as a whole
  std::uint64_t seed = 0;
  std::string list;  ///< file for the ids of entries that are missing or stale; empty: none
};

/// What a check came to.
struct CheckReport {
  std::string source;
  std::optional<std::uint64_t> seed;  ///< of the sample, where there was one
  std::int64_t asked = 0;             ///< users that were looked at
  JudgementCounts judged;
  std::int64_t unknown = 0;
  std::int64_t blocked = 0;
  std::int64_t failed = 0;
  std::int64_t elapsed_ms = 0;
  std::string list;

  std::int64_t not_judged() const { return unknown + blocked + failed; }
};

/// The table a person sees, and one line of JSON.
std::string report_text(const CheckReport& report);
std::string report_json(const CheckReport& report);

struct CheckEnded {
  End end = End::stopped;
  std::string message;  ///< why it did not run to its end; empty when it did
  std::optional<CheckReport> report;
};

/// Compares entries with what user-cache-updater would make of them now. `End::failed` when some are missing or stale, or could not be judged for a failure.
///
/// An entry that does not look right is looked at a second time, as the job may be writing it. Only names of fields are told, never values.
CheckEnded check(const CheckOptions& options, const World& world);

}  // namespace lernd::cache_tool
