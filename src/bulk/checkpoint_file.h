#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bulk/files.h"
#include "core/error.h"

namespace lernd::bulk {

/// A checkpoint on the disk: the file itself, which is replaced as a whole, and `<path>.tail`, to which a line is appended at once whenever something is done,
/// so that `kill -9` costs no more than what was under way. The tail is locked as long as the object lives.
///
/// Errors  those of files.
class CheckpointFile {
 public:
  /// What it holds; what its text means is the affair of whoever writes it.
  struct Content {
    std::string text;
    std::string tail;  ///< whole lines; the last one may have been cut off by a crash, and is then left out
  };

  /// Errors: `fatal`/`fenced` when another run has it; `option` is what a person gives another path with.
  static Result<CheckpointFile> open(const std::string& path, std::string_view option);

  /// What is there; nothing when there is no checkpoint.
  Result<std::optional<Content>> load() const;
  /// Replaces the text. The tail is empty afterwards; a crash in between leaves lines that the text knows already.
  Result<void> save(std::string_view text) const;
  /// Adds a line to the tail.
  Result<void> note(std::string_view line) const;
  Result<void> remove() const;
  /// Leaves no tail behind where there is no checkpoint.
  Result<void> tidy() const;

  const std::string& path() const { return path_; }

 private:
  CheckpointFile(std::string path, File tail) : path_(std::move(path)), tail_(std::move(tail)) {}

  std::string path_;
  File tail_;
};

}  // namespace lernd::bulk
