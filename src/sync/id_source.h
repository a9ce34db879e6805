#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/error.h"
#include "sync/files.h"
#include "sync/id_reader.h"
#include "sync/options.h"

namespace lernd::sync {

/// The cleaned ids of a run, one a line.
struct IdList {
  File file;
  std::int64_t count = 0;
  std::int64_t bytes = 0;
  std::string sha256;
  std::string content_sha256;       ///< of an id file: of its bytes as they are
  std::optional<LineCounts> lines;  ///< of an id file
  std::vector<std::string> warnings;
};

/// Writes the lines that are no ids: number, reason, value. The file is made with the first one.
class RejectedIds {
 public:
  explicit RejectedIds(std::string path) : path_(std::move(path)) {}
  Result<void> add(std::int64_t number, std::string_view reason, std::string_view value);
  Result<void> flush();
  const std::string& path() const { return path_; }
  bool any() const { return any_; }

 private:
  std::string path_;
  File file_;
  std::string buffer_;
  bool any_ = false;
};

/// Reads an id file, or standard input for `-`, and puts what is to be sent into a list without a name in the folder of the logs.
///
/// Errors  `reject` for what the person gave (file missing or unreadable, another encoding, no id in it); `fatal` for what fails here (disk full); `retry`
///         when the stop came first.
Result<IdList> read_id_file(const Options& options, RejectedIds& rejected, const std::stop_token& stop);

/// Opens a list that is there already, and counts it. Errors: `fatal`/`corrupt`, `not_found`.
Result<IdList> open_id_list(const std::string& path);

}  // namespace lernd::sync
