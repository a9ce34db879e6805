#include "sync/checkpoint.h"

#include <fmt/format.h>

#include <charconv>

#include "core/json.h"
#include "sync/digest.h"

namespace lernd::sync {
namespace {

constexpr std::int64_t kFormat = 1;
constexpr std::size_t kBytesMax = std::size_t{1} << 30;

std::unexpected<Error> unreadable(std::string_view what) {
  return fail(Treatment::fatal, ErrorCode::corrupt, fmt::format("is no checkpoint of this program ({})", what));
}

std::string tail_of(const std::string& path) { return path + ".tail"; }

std::optional<std::int64_t> number_at(JsonView object, std::string_view member) {
  const auto found = object.find(member);
  return found ? found->integer() : std::nullopt;
}

std::optional<std::string> text_at(JsonView object, std::string_view member) {
  const auto found = object.find(member);
  const auto text = found ? found->text() : std::nullopt;
  return text ? std::optional(std::string(*text)) : std::nullopt;
}

/// Adds the intervals of a tail. The last line may be cut off; a line that cannot be read only means that its ids are sent again.
void add_tail(std::string_view tail, std::int64_t total, Intervals& done) {
  for (auto end = tail.find('\n'); end != std::string_view::npos; end = tail.find('\n')) {
    const auto line = tail.substr(0, end);
    tail.remove_prefix(end + 1);
    std::int64_t first = -1;
    std::int64_t last = -1;
    const auto [blank, first_error] = std::from_chars(line.data(), line.data() + line.size(), first);
    if (first_error != std::errc() || blank == line.data() + line.size() || *blank != ' ') continue;
    const auto [stop, last_error] = std::from_chars(blank + 1, line.data() + line.size(), last);
    if (last_error != std::errc() || stop != line.data() + line.size() || first < 0 || last > total) continue;
    done.add(first, last);
  }
}

}  // namespace

std::string checkpoint_json(const Checkpoint& checkpoint) {
  std::string text;
  JsonWriter writer(text);
  writer.open_object();
  writer.name("format").integer(kFormat).name("fingerprint").text(checkpoint.fingerprint).name("source").text(checkpoint.source);
  writer.name("total").integer(checkpoint.total).name("bytes").integer(checkpoint.bytes).name("list_sha256").text(checkpoint.list_sha256);
  writer.name("accepted").integer(checkpoint.done.count()).name("failed").integer(checkpoint.failed);
  writer.name("done").open_array();
  for (const auto& [first, end] : checkpoint.done.all()) writer.open_array().integer(first).integer(end).close_array();
  writer.close_array().close_object();
  return text + "\n";
}

Result<Checkpoint> read_checkpoint(std::string_view json) {
  const auto document = JsonDocument::parse(json);
  if (!document || !document->root().is_object()) return unreadable("not a JSON object");
  const auto root = document->root();
  if (number_at(root, "format") != kFormat) return unreadable("another format");
  const auto fingerprint = text_at(root, "fingerprint");
  const auto source = text_at(root, "source");
  const auto list = text_at(root, "list_sha256");
  const auto total = number_at(root, "total");
  const auto bytes = number_at(root, "bytes");
  const auto failed = number_at(root, "failed");
  const auto done = root.find("done");
  if (!fingerprint || !source || !list || !total || !bytes || !failed || !done || !done->is_array()) return unreadable("a member is missing");
  Checkpoint checkpoint{*fingerprint, *source, *total, *bytes, *list, *failed, {}};
  for (const auto item : done->items()) {
    const auto ends = item.items();
    const auto first = ends.size() == 2 ? ends[0].integer() : std::nullopt;
    const auto end = ends.size() == 2 ? ends[1].integer() : std::nullopt;
    if (!first || !end || *first < 0 || *first >= *end || *end > *total) return unreadable("an interval is wrong");
    checkpoint.done.add(*first, *end);
  }
  return checkpoint;
}

std::string fingerprint(const Options& options, std::string_view content) {
  Sha256 digest;
  const auto add = [&](std::string_view part) {
    digest.add(std::to_string(part.size()) + ":");
    digest.add(part);
  };
  add(options.endpoint);
  add(options.type.name);
  add(options.verify ? "sync" : "");
  if (options.id_file.empty()) {
    for (const std::string_view part :
         {std::string_view("table"), std::string_view(options.keyspace), std::string_view(options.table), std::string_view(options.column)})
      add(part);
  } else {
    for (const std::string_view part : {std::string_view("file"), content}) add(part);
    add(std::to_string(options.id_column));
  }
  return digest.hex();
}

Result<CheckpointFile> CheckpointFile::open(const std::string& path) {
  while (true) {
    auto tail = open_or_create(tail_of(path));
    if (!tail) return std::unexpected(tail.error());
    const auto locked = tail->lock();
    if (!locked) return std::unexpected(locked.error());
    if (!*locked) {
      return fail(
          Treatment::fatal, ErrorCode::fenced,
          fmt::format("another run of the same ids is under way: it holds {}; wait for its end, or give another sunbird_sync_checkpoint_file", tail->path()));
    }
    // Whoever held the lock before may have removed the file that was opened here.
    if (file_exists(tail_of(path))) return CheckpointFile(path, std::move(*tail));
  }
}

Result<std::optional<Checkpoint>> CheckpointFile::load() const {
  if (!file_exists(path_)) return std::nullopt;
  const auto json = read_file(path_, kBytesMax);
  if (!json) return std::unexpected(json.error());
  auto checkpoint = read_checkpoint(*json);
  if (!checkpoint) return fail(Treatment::fatal, ErrorCode::corrupt, path_ + " " + checkpoint.error().text);
  const auto tail = read_file(tail_of(path_), kBytesMax);
  if (!tail) return std::unexpected(tail.error());
  add_tail(*tail, checkpoint->total, checkpoint->done);
  return std::optional(std::move(*checkpoint));
}

Result<void> CheckpointFile::save(const Checkpoint& checkpoint) const {
  if (auto done = replace_file(path_, checkpoint_json(checkpoint)); !done) return done;
  // A crash in between leaves lines that the checkpoint holds already: they say the same once more.
  return tail_.truncate();
}

Result<void> CheckpointFile::note(std::int64_t first, std::int64_t end) const { return tail_.append(fmt::format("{} {}\n", first, end)); }

Result<void> CheckpointFile::remove() const {
  // The checkpoint first: a tail alone means nothing and is emptied by the next `save`.
  if (auto done = remove_file(path_); !done) return done;
  return remove_file(tail_of(path_));
}

Result<void> CheckpointFile::tidy() const { return file_exists(path_) ? Result<void>() : remove_file(tail_of(path_)); }

}  // namespace lernd::sync
