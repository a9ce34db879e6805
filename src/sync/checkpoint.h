#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.h"
#include "sync/files.h"
#include "sync/intervals.h"
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
  Intervals done;           ///< positions that were accepted
  bool operator==(const Checkpoint&) const = default;
};

std::string checkpoint_json(const Checkpoint& checkpoint);
/// Errors: `fatal`/`corrupt` for anything that this program did not write.
Result<Checkpoint> read_checkpoint(std::string_view json);

/// What a checkpoint belongs to: endpoint, object type, operation type and the source. `content` is the hash of an id file. SHA-256 in hexadecimal.
std::string fingerprint(const Options& options, std::string_view content);

/// A checkpoint on the disk: the file itself, and `<path>.tail`, to which every accepted interval is appended at once, so that `kill -9` costs no more than
/// the blocks in flight. The tail is locked as long as the object lives.
class CheckpointFile {
 public:
  /// Errors: `fatal`/`fenced` when another run has it.
  static Result<CheckpointFile> open(const std::string& path);

  /// What is there; nothing when there is no checkpoint.
  Result<std::optional<Checkpoint>> load() const;
  Result<void> save(const Checkpoint& checkpoint) const;
  /// Adds an interval to what the file holds.
  Result<void> note(std::int64_t first, std::int64_t end) const;
  Result<void> remove() const;
  /// Leaves no tail behind where there is no checkpoint.
  Result<void> tidy() const;

  const std::string& path() const { return path_; }

 private:
  CheckpointFile(std::string path, File tail) : path_(std::move(path)), tail_(std::move(tail)) {}

  std::string path_;
  File tail_;
};

}  // namespace lernd::sync
