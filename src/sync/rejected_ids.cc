#include "sync/rejected_ids.h"

#include <fmt/format.h>

#include "bulk/csv_field.h"

namespace lernd::sync {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 18;
constexpr std::size_t kValueBytesMax = 1000;

}  // namespace

Result<void> RejectedIds::add(std::int64_t number, std::string_view reason, std::string_view value) {
  if (!any_) {
    auto made = bulk::create_file(path_);
    if (!made) return std::unexpected(made.error());
    file_ = std::move(*made);
    any_ = true;
  }
  buffer_ += fmt::format("{},{},{}\n", number, reason, bulk::csv_quoted(value.substr(0, kValueBytesMax)));
  return buffer_.size() < kBufferBytes ? Result<void>() : flush();
}

Result<void> RejectedIds::flush() {
  auto done = any_ ? file_.append(buffer_) : Result<void>();
  buffer_.clear();
  return done;
}

}  // namespace lernd::sync
