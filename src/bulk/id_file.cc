#include "bulk/id_file.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <vector>

#include "bulk/digest.h"
#include "bulk/id_list.h"

namespace lernd::bulk {
namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 18;
constexpr int kLookForStopMs = 100;

/// Whether there is something to read; false when the stop came first. A file is always ready, a pipe may never be.
bool await_bytes(int descriptor, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd watched{.fd = descriptor, .events = POLLIN, .revents = 0};
    if (::poll(&watched, 1, kLookForStopMs) != 0) return true;
  }
  return false;
}

}  // namespace

Result<IdList> read_id_file(const IdFile& from, const std::string& folder, const IdReader::Reject& reject, const std::stop_token& stop) {
  const auto as_input_error = [&](const Error& error) { return fail(Treatment::reject, error.code, fmt::format("{}: {}", from.option, error.text)); };
  const bool standard_input = from.path == "-";
  auto opened = standard_input ? Result<File>(File(STDIN_FILENO, "standard input")) : open_to_read(from.path);
  if (!opened) return as_input_error(opened.error());
  const File& source = *opened;
  auto list_file = unnamed_file(folder);
  if (!list_file) return std::unexpected(list_file.error());
  IdList list{.file = std::move(*list_file)};
  IdListWriter writer(list.file);
  Sha256 content;
  IdReader reader(from.rules, [&](std::string_view line) { return writer.add(line); }, reject);
  const auto named = [&](Error error) -> std::unexpected<Error> {
    if (error.treatment == Treatment::reject) error.text = fmt::format("{}: {} {}", from.option, source.path(), error.text);
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
  if (auto done = writer.flush(); !done) return std::unexpected(done.error());
  const LineCounts& lines = reader.counts();
  if (writer.count() == 0) {
    return fail(Treatment::reject, ErrorCode::malformed_record,
                fmt::format("{}: there is no id in {} ({} lines, {} blank, {} rejected)", from.option, source.path(), lines.read, lines.blank, lines.invalid));
  }
  if (lines.header > 0) list.warnings.push_back(fmt::format("{}: the first line is a header and was left out; id files have none", source.path()));
  if (reader.other_columns()) {
    list.warnings.push_back(fmt::format("{}: has more than one column; column {} is taken{}", source.path(), from.rules.column,
                                        from.column_option.empty() ? "" : fmt::format(" ({})", from.column_option)));
  }
  list.count = writer.count();
  list.bytes = writer.bytes();
  list.sha256 = writer.digest();
  list.content_sha256 = content.hex();
  list.lines = lines;
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

}  // namespace lernd::bulk
