#include "sync/id_source.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <vector>

#include "sync/csv_field.h"
#include "sync/digest.h"
#include "sync/id_list.h"

namespace lernd::sync {
namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 18;
constexpr std::size_t kValueBytesMax = 1000;
constexpr int kLookForStopMs = 100;

/// Whether there is something to read; false when the stop came first. A file is always ready, a pipe may never be.
bool await_bytes(int descriptor, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd watched{.fd = descriptor, .events = POLLIN, .revents = 0};
    if (::poll(&watched, 1, kLookForStopMs) != 0) return true;
  }
  return false;
}

std::unexpected<Error> as_input_error(const Error& error) { return fail(Treatment::reject, error.code, "sunbird_sync_id_file: " + error.text); }

}  // namespace

Result<void> RejectedIds::add(std::int64_t number, std::string_view reason, std::string_view value) {
  if (!any_) {
    auto made = create_file(path_);
    if (!made) return std::unexpected(made.error());
    file_ = std::move(*made);
    any_ = true;
  }
  buffer_ += fmt::format("{},{},{}\n", number, reason, csv_quoted(value.substr(0, kValueBytesMax)));
  return buffer_.size() < kReadBytes ? Result<void>() : flush();
}

Result<void> RejectedIds::flush() {
  auto done = any_ ? file_.append(buffer_) : Result<void>();
  buffer_.clear();
  return done;
}

Result<IdList> read_id_file(const Options& options, RejectedIds& rejected, const std::stop_token& stop) {
  const bool standard_input = options.id_file == "-";
  auto opened = standard_input ? Result<File>(File(STDIN_FILENO, "standard input")) : open_to_read(options.id_file);
  if (!opened) return as_input_error(opened.error());
  const File& source = *opened;
  auto list_file = unnamed_file(options.log_dir);
  if (!list_file) return std::unexpected(list_file.error());
  IdList list{.file = std::move(*list_file)};
  IdListWriter writer(list.file);
  Sha256 content;
  IdReader reader(
      {.type = options.type, .column = options.id_column, .pattern = options.id_pattern, .dedupe = options.dedupe},
      [&](std::string_view line) { return writer.add(line); },
      [&](std::int64_t number, std::string_view reason, std::string_view value) { return rejected.add(number, reason, value); });
  const auto named = [&](Error error) -> std::unexpected<Error> {
    if (error.treatment == Treatment::reject) error.text = fmt::format("sunbird_sync_id_file: {} {}", source.path(), error.text);
    return std::unexpected(std::move(error));
  };
  std::vector<char> buffer(kReadBytes);
  while (true) {
    if (!await_bytes(source.descriptor(), stop)) return fail(Treatment::retry, ErrorCode::internal, "stopped");
    const auto count = source.read(buffer.data(), buffer.size());
    if (!count) return as_input_error(count.error());
    if (*count == 0) break;
    const std::string_view bytes(buffer.data(), *count);
    content.add(bytes);
    if (auto done = reader.feed(bytes); !done) return named(done.error());
  }
  if (auto done = reader.finish(); !done) return named(done.error());
  if (auto done = rejected.flush(); !done) return std::unexpected(done.error());
  if (auto done = writer.flush(); !done) return std::unexpected(done.error());
  if (writer.count() == 0) {
    return fail(Treatment::reject, ErrorCode::malformed_record,
                fmt::format("sunbird_sync_id_file: there is no id in {} ({} lines, {} blank, {} rejected); nothing was sent", source.path(),
                            reader.counts().read, reader.counts().blank, reader.counts().invalid));
  }
  if (reader.counts().header > 0) list.warnings.push_back(fmt::format("{}: the first line is a header and was left out; id files have none", source.path()));
  if (reader.other_columns())
    list.warnings.push_back(fmt::format("{}: has more than one column; column {} is taken (sunbird_sync_id_column)", source.path(), options.id_column));
  list.count = writer.count();
  list.bytes = writer.bytes();
  list.sha256 = writer.digest();
  list.content_sha256 = content.hex();
  list.lines = reader.counts();
  return list;
}

Result<IdList> open_id_list(const std::string& path) {
  auto file = open_to_read(path);
  if (!file) return std::unexpected(file.error());
  IdList list{.file = std::move(*file)};
  Sha256 digest;
  std::vector<char> buffer(kReadBytes);
  while (true) {
    const auto count = list.file.read(buffer.data(), buffer.size());
    if (!count) return std::unexpected(count.error());
    if (*count == 0) break;
    const std::string_view bytes(buffer.data(), *count);
    digest.add(bytes);
    list.bytes += static_cast<std::int64_t>(*count);
    for (const char c : bytes) list.count += c == '\n' ? 1 : 0;
  }
  list.sha256 = digest.hex();
  return list;
}

}  // namespace lernd::sync
