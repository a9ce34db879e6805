#include "bulk/id_list.h"

namespace lernd::bulk {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 18;

}  // namespace

Result<void> IdListWriter::add(std::string_view line) {
  buffer_.append(line).push_back('\n');
  ++count_;
  bytes_ += static_cast<std::int64_t>(line.size()) + 1;
  return buffer_.size() < kBufferBytes ? Result<void>() : flush();
}

Result<void> IdListWriter::flush() {
  digest_.add(buffer_);
  auto done = file_.append(buffer_);
  buffer_.clear();
  return done;
}

Result<std::optional<std::string_view>> IdListReader::next() {
  while (true) {
    const auto end = buffer_.find('\n', at_);
    if (end != std::string::npos) {
      const auto line = std::string_view(buffer_).substr(at_, end - at_);
      at_ = end + 1;
      return line;
    }
    buffer_.erase(0, at_);
    at_ = 0;
    const auto kept = buffer_.size();
    buffer_.resize(kept + kBufferBytes);
    const auto count = file_.read_at(buffer_.data() + kept, kBufferBytes, offset_);
    buffer_.resize(kept + count.value_or(0));
    if (!count) return std::unexpected(count.error());
    offset_ += static_cast<std::int64_t>(*count);
    if (*count > 0) continue;
    if (buffer_.empty()) return std::nullopt;
    // The writer ends every line, so a rest without an end is a list that was cut off.
    return fail(Treatment::fatal, ErrorCode::corrupt, file_.path() + " ends in the middle of a line");
  }
}

}  // namespace lernd::bulk
