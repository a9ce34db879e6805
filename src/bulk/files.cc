#include "bulk/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace lernd::bulk {
namespace {

constexpr mode_t kMode = 0644;

std::unexpected<Error> system_fault(const std::string& path, std::string_view deed, int number) {
  const auto code = number == ENOENT ? ErrorCode::not_found : number == ENOSPC || number == EFBIG ? ErrorCode::disk_full : ErrorCode::unavailable;
  return fail(Treatment::fatal, code, fmt::format("{} {}: {}", path, deed, std::strerror(number)));
}

Result<File> opened(const std::string& path, int flags, std::string_view deed) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, kMode);
  if (descriptor < 0) return system_fault(path, deed, errno);
  return File(descriptor, path);
}

std::string folder_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

template <class Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

}  // namespace

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  return *this;
}

File::~File() {
  if (descriptor_ > STDERR_FILENO) ::close(descriptor_);
}

Result<void> File::append(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto written = uninterrupted([&] { return ::write(descriptor_, bytes.data(), bytes.size()); });
    if (written < 0) return system_fault(path_, "cannot be written", errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::size_t> File::read_at(char* bytes, std::size_t size, std::int64_t offset) const {
  const auto count = uninterrupted([&] { return ::pread(descriptor_, bytes, size, offset); });
  if (count < 0) return system_fault(path_, "cannot be read", errno);
  return static_cast<std::size_t>(count);
}

Result<std::size_t> File::read(char* bytes, std::size_t size) const {
  const auto count = uninterrupted([&] { return ::read(descriptor_, bytes, size); });
  if (count < 0) return system_fault(path_, "cannot be read", errno);
  return static_cast<std::size_t>(count);
}

Result<void> File::truncate(std::int64_t size) const {
  if (uninterrupted([&] { return ::ftruncate(descriptor_, size); }) != 0) return system_fault(path_, "cannot be cut short", errno);
  return {};
}

Result<std::int64_t> File::size() const {
  struct stat found{};
  if (::fstat(descriptor_, &found) != 0) return system_fault(path_, "cannot be looked at", errno);
  return static_cast<std::int64_t>(found.st_size);
}

Result<void> File::sync() const {
  if (uninterrupted([&] { return ::fdatasync(descriptor_); }) != 0) return system_fault(path_, "cannot be brought to the disk", errno);
  return {};
}

Result<bool> File::lock() const {
  if (uninterrupted([&] { return ::flock(descriptor_, LOCK_EX | LOCK_NB); }) == 0) return true;
  if (errno == EWOULDBLOCK) return false;
  return system_fault(path_, "cannot be locked", errno);
}

Result<File> create_file(const std::string& path) { return opened(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, "cannot be made"); }
Result<File> open_or_create(const std::string& path) { return opened(path, O_RDWR | O_CREAT | O_APPEND, "cannot be made"); }
Result<File> open_to_read(const std::string& path) { return opened(path, O_RDONLY, "cannot be read"); }
Result<File> open_folder(const std::string& path) { return opened(path, O_RDONLY | O_DIRECTORY, "is no folder that can be used"); }

Result<File> unnamed_file(const std::string& folder) {
  std::string path = path_in(folder, ".lernd-ids-XXXXXX");
  const int descriptor = ::mkostemp(path.data(), O_CLOEXEC | O_APPEND);
  if (descriptor < 0) return system_fault(folder, "takes no new file", errno);
  ::unlink(path.c_str());
  return File(descriptor, "the list of ids in " + folder);
}

Result<void> replace_file(const std::string& path, std::string_view bytes) {
  const std::string fresh = path + ".new";
  {
    auto file = opened(fresh, O_WRONLY | O_CREAT | O_TRUNC, "cannot be made");
    if (!file) return std::unexpected(file.error());
    if (auto done = file->append(bytes); !done) return done;
    if (auto done = file->sync(); !done) return done;
  }
  return rename_file(fresh, path);
}

Result<void> rename_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return system_fault(to, "cannot be replaced", errno);
  const auto folder = open_folder(folder_of(to));
  if (!folder) return std::unexpected(folder.error());
  ::fsync(folder->descriptor());  // some file systems refuse it for a folder; the file itself is safe
  return {};
}

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  const auto file = open_to_read(path);
  if (!file) return std::unexpected(file.error());
  std::string bytes;
  char buffer[65536];
  while (true) {
    const auto count = file->read(buffer, sizeof buffer);
    if (!count) return std::unexpected(count.error());
    if (*count == 0) return bytes;
    bytes.append(buffer, *count);
    if (bytes.size() > bytes_max) return fail(Treatment::fatal, ErrorCode::corrupt, fmt::format("{} is larger than {} bytes", path, bytes_max));
  }
}

Result<void> remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return system_fault(path, "cannot be removed", errno);
  return {};
}

Result<void> make_folders(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return system_fault(path, "cannot be made", error.value());
  return {};
}

bool file_exists(const std::string& path) {
  struct stat found{};
  return ::lstat(path.c_str(), &found) == 0;
}

std::string path_in(const std::string& folder, std::string_view name) { return (std::filesystem::path(folder) / name).string(); }

}  // namespace lernd::bulk
