#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bulk/files.h"
#include "core/error.h"

namespace lernd::sync {

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
  bulk::File file_;
  std::string buffer_;
  bool any_ = false;
};

}  // namespace lernd::sync
