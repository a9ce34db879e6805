#include "app/cache_tool/left_list.h"

#include <algorithm>

#include "bulk/csv_field.h"

namespace lernd::cache_tool {

Result<LeftList> LeftList::open(const std::string& path, std::int64_t bytes) {
  auto file = bulk::open_or_create(path);
  if (!file) return std::unexpected(file.error());
  const auto size = file->size();
  if (!size) return std::unexpected(size.error());
  // One that somebody has taken away or cut short is begun anew where it ends.
  const auto kept = std::min(bytes, *size);
  if (auto done = file->truncate(kept); !done) return std::unexpected(done.error());
  return LeftList(std::move(*file), kept);
}

void LeftList::add(std::string_view id, const Fate& fate) {
  if (fate.kind == Fate::Kind::done) return;
  buffer_ += bulk::csv_quoted(id);
  switch (fate.kind) {
    case Fate::Kind::unknown:
      buffer_ += ",unknown";
      break;
    case Fate::Kind::blocked:
      buffer_ += ",blocked";
      break;
    default:
      buffer_.append(",failed,").append(name_of(fate.code));
  }
  buffer_ += '\n';
}

Result<void> LeftList::flush() {
  auto done = file_.append(buffer_);
  bytes_ += static_cast<std::int64_t>(buffer_.size());
  buffer_.clear();
  return done;
}

Result<void> LeftList::tidy() const { return bytes_ == 0 ? bulk::remove_file(file_.path()) : Result<void>(); }

}  // namespace lernd::cache_tool
