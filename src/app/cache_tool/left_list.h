#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "app/cache_tool/user_rounds.h"
#include "bulk/files.h"
#include "core/error.h"

namespace lernd::cache_tool {

/// The users that were left out, one a line: id, and why (`unknown`, `blocked`, or `failed` with the code of the error). The ids stand first, so the file is an
/// id file for another run.
class LeftList {
 public:
  /// Keeps the first `bytes` of a list that is there; what lies behind them was written before a crash and will be written again.
  static Result<LeftList> open(const std::string& path, std::int64_t bytes);

  void add(std::string_view id, const Fate& fate);
  /// Writes what was added. Afterwards `bytes` says how long the list is.
  Result<void> flush();
  Result<void> sync() const { return file_.sync(); }
  std::int64_t bytes() const { return bytes_; }
  /// Takes a list away that holds nobody.
  Result<void> tidy() const;

 private:
  LeftList(bulk::File file, std::int64_t bytes) : file_(std::move(file)), bytes_(bytes) {}

  bulk::File file_;
  std::string buffer_;
  std::int64_t bytes_ = 0;
};

}  // namespace lernd::cache_tool
