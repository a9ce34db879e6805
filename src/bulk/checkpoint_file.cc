#include "bulk/checkpoint_file.h"

#include <fmt/format.h>

namespace lernd::bulk {
namespace {

constexpr std::size_t kBytesMax = std::size_t{1} << 30;

std::string tail_of(const std::string& path) { return path + ".tail"; }

}  // namespace

Result<CheckpointFile> CheckpointFile::open(const std::string& path, std::string_view option) {
  while (true) {
    auto tail = open_or_create(tail_of(path));
    if (!tail) return std::unexpected(tail.error());
    const auto locked = tail->lock();
    if (!locked) return std::unexpected(locked.error());
    if (!*locked) {
      return fail(Treatment::fatal, ErrorCode::fenced,
                  fmt::format("another run of the same ids is under way: it holds {}; wait for its end, or give another {}", tail->path(), option));
    }
    // Whoever held the lock before may have removed the file that was opened here.
    if (file_exists(tail_of(path))) return CheckpointFile(path, std::move(*tail));
  }
}

Result<std::optional<CheckpointFile::Content>> CheckpointFile::load() const {
  if (!file_exists(path_)) return std::nullopt;
  auto text = read_file(path_, kBytesMax);
  if (!text) return std::unexpected(text.error());
  auto tail = read_file(tail_of(path_), kBytesMax);
  if (!tail) return std::unexpected(tail.error());
  tail->resize(tail->rfind('\n') + 1);
  return Content{.text = std::move(*text), .tail = std::move(*tail)};
}

Result<void> CheckpointFile::save(std::string_view text) const {
  if (auto done = replace_file(path_, text); !done) return done;
  return tail_.truncate();
}

Result<void> CheckpointFile::note(std::string_view line) const { return tail_.append(fmt::format("{}\n", line)); }

Result<void> CheckpointFile::remove() const {
  // The checkpoint first: a tail alone means nothing and is emptied by the next `save`.
  if (auto done = remove_file(path_); !done) return done;
  return remove_file(tail_of(path_));
}

Result<void> CheckpointFile::tidy() const { return file_exists(path_) ? Result<void>() : remove_file(tail_of(path_)); }

}  // namespace lernd::bulk
