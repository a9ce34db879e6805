#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "app/cache_tool/user_rounds.h"
#include "bulk/checkpoint_file.h"
#include "core/error.h"

namespace lernd::cache_tool {

/// How far a rebuild has come: the users of the list are taken in its order, block by block.
struct RebuildState {
  std::int64_t done = 0;  ///< so many users, the first ones of the list, are settled
  std::int64_t written = 0;
  std::int64_t unknown = 0;
  std::int64_t blocked = 0;
  std::map<std::string, std::int64_t> failed;  ///< by the name of the error code
  std::int64_t left_bytes = 0;                 ///< so much of the list of those left out belongs to them
  bool operator==(const RebuildState&) const = default;

  std::int64_t failures() const;
  void add(const Fate& fate);
};

/// A checkpoint of a rebuild: whose it is, and the state.
struct RebuildCheckpoint {
  std::string fingerprint;  ///< of source and aim
  std::string source;       ///< for people
  std::int64_t total = 0;   ///< users of the list
  std::string list_sha256;  ///< of the list: a number of users means nothing in another one
  RebuildState state;
  bool operator==(const RebuildCheckpoint&) const = default;
};

std::string checkpoint_json(const RebuildCheckpoint& checkpoint);
/// Errors: `fatal`/`corrupt` for anything that this program did not write.
Result<RebuildCheckpoint> read_checkpoint(std::string_view json);

/// Brings the file up to date. `note` only adds to the tail; `save` replaces the file.
Result<void> note(const bulk::CheckpointFile& file, const RebuildState& state);
Result<void> save(const bulk::CheckpointFile& file, const RebuildCheckpoint& checkpoint);
/// With the newest state of the tail; nothing when there is no checkpoint. Errors: those of the file, and `fatal`/`corrupt`.
Result<std::optional<RebuildCheckpoint>> load(const bulk::CheckpointFile& file);

}  // namespace lernd::cache_tool
