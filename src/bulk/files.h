#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/error.h"

namespace lernd::bulk {

/// An open file. Errors of all functions name the file and say what the system says.
class File {
 public:
  File() = default;
  File(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}
  File& operator=(File&& other) noexcept;
  ~File();

  int descriptor() const { return descriptor_; }
  const std::string& path() const { return path_; }
  explicit operator bool() const { return descriptor_ >= 0; }

  /// Writes all bytes at the end.
  Result<void> append(std::string_view bytes) const;
  /// Reads at most `size` bytes from a place; 0 at the end.
  Result<std::size_t> read_at(char* bytes, std::size_t size, std::int64_t offset) const;
  /// Reads at most `size` bytes from where the file stands; 0 at the end.
  Result<std::size_t> read(char* bytes, std::size_t size) const;
  /// Cuts off what lies behind the first `size` bytes.
  Result<void> truncate(std::int64_t size = 0) const;
  Result<std::int64_t> size() const;
  /// Returns when the bytes are on the disk.
  Result<void> sync() const;
  /// Takes the exclusive lock; false when somebody else has it.
  Result<bool> lock() const;

 private:
  int descriptor_ = -1;
  std::string path_;
};

/// A new file that must not be there yet, or a file that is made when it is missing; both are appended to.
Result<File> create_file(const std::string& path);
Result<File> open_or_create(const std::string& path);
Result<File> open_to_read(const std::string& path);
Result<File> open_folder(const std::string& path);
/// A file without a name in this folder; it is gone when it is closed.
Result<File> unnamed_file(const std::string& folder);

/// Replaces a file as a whole: after a crash there is either the old one or the new one.
Result<void> replace_file(const std::string& path, std::string_view bytes);
/// Gives a file that is complete its name, durably.
Result<void> rename_file(const std::string& from, const std::string& to);
/// The bytes of a file of at most `bytes_max` bytes.
Result<std::string> read_file(const std::string& path, std::size_t bytes_max);
/// Removes a file; none being there is no error.
Result<void> remove_file(const std::string& path);
Result<void> make_folders(const std::string& path);

bool file_exists(const std::string& path);
/// `folder/name`.
std::string path_in(const std::string& folder, std::string_view name);

}  // namespace lernd::bulk
