#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "app/cache_tool/judge.h"
#include "app/cache_tool/rebuild_state.h"
#include "app/cache_tool/user_source.h"
#include "app/cache_tool/world.h"

namespace lernd::cache_tool {

/// So many in that time; a count of 0 is no limit.
struct Pace {
  std::int64_t count = 0;
  std::chrono::seconds time{1};
};
/// `500`, `500/s`, `30/m`, `1000/h`; nothing for any other text.
std::optional<Pace> pace_of(std::string_view text);

struct RebuildOptions {
  UserSource source;
  Pace pace;
  std::string checkpoint = "cache-rebuild.checkpoint";  ///< other files of the run stand beside it, with more behind its name
  bool restart = false;                                 ///< takes no notice of a checkpoint
  bool dry_run = false;
};

/// What a rebuild came to. `state` counts all runs that went on from one another.
struct RebuildReport {
  std::string source;
  bool dry_run = false;
  std::int64_t users = 0;        ///< of the list
  std::int64_t done_before = 0;  ///< by runs before this one
  RebuildState state;
  JudgementCounts judged;  ///< of a dry run: what there is, against what would be written
  std::int64_t elapsed_ms = 0;
  std::map<std::string, std::string> files;  ///< what they are → path
};

/// The table a person sees at the end.
std::string report_text(const RebuildReport& report);

struct RebuildEnded {
  End end = End::stopped;
  std::string message;  ///< why it did not run to its end; empty when it did
  std::optional<RebuildReport> report;
};

/// Builds the entries of all users anew, as user-cache-updater would write them for an event that makes it read the profile.
///
/// A user counts as settled when its entry is written, and durable where the cache is the embedded file, or when it is in the list of those left out. After a
/// crash the users of one block are done again, which changes nothing. One run at a time has a checkpoint.
RebuildEnded rebuild(const RebuildOptions& options, const World& world);

}  // namespace lernd::cache_tool
