#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bulk/checkpoint_file.h"
#include "bulk/intervals.h"
#include "core/error.h"
#include "sync/options.h"

namespace lernd::sync {

/// How far a run has come. Source: sync.md section 9.
struct Checkpoint {
  std::string fingerprint;
  std::string source;       ///< for people
  std::int64_t total = 0;   ///< ids of the list
  std::int64_t bytes = 0;   ///< of the list
  std::string list_sha256;  ///< of the list: positions mean nothing in another one
  std::int64_t failed = 0;  ///< ids that failed in the latest run; for people
  bulk::Intervals done;     ///< positions that were accepted
  bool operator==(const Checkpoint&) const = default;
};

std::string checkpoint_json(const Checkpoint& checkpoint);
/// Errors: `fatal`/`corrupt` for anything that this program did not write.
Result<Checkpoint> read_checkpoint(std::string_view json);

/// What a checkpoint belongs to: endpoint, object type, operation type and the source. `content` is the hash of an id file. SHA-256 in hexadecimal.
std::string fingerprint(const Options& options, std::string_view content);

/// What the file holds, the accepted intervals in its tail included; nothing when there is no checkpoint. Errors: those of the file, and `fatal`/`corrupt`.
Result<std::optional<Checkpoint>> load(const bulk::CheckpointFile& file);
/// Adds an accepted interval to what the file holds.
Result<void> note(const bulk::CheckpointFile& file, std::int64_t first, std::int64_t end);

}  // namespace lernd::sync
