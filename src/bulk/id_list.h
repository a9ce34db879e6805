#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bulk/digest.h"
#include "bulk/files.h"
#include "core/error.h"

namespace lernd::bulk {

/// Writes the list of cleaned ids: one a line, LF. The file outlives the writer.
class IdListWriter {
 public:
  explicit IdListWriter(const File& file) : file_(file) {}
  Result<void> add(std::string_view line);
  Result<void> flush();
  std::int64_t count() const { return count_; }
  std::int64_t bytes() const { return bytes_; }
  /// SHA-256 of all that was flushed, in hexadecimal; once, at the end.
  std::string digest() { return digest_.hex(); }

 private:
  const File& file_;
  std::string buffer_;
  std::int64_t count_ = 0;
  std::int64_t bytes_ = 0;
  Sha256 digest_;
};

/// Reads the list from its start. The file outlives the reader.
class IdListReader {
 public:
  explicit IdListReader(const File& file) : file_(file) {}
  /// The next line, valid until the next call; nothing at the end.
  Result<std::optional<std::string_view>> next();

 private:
  const File& file_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::int64_t offset_ = 0;
};

}  // namespace lernd::bulk
