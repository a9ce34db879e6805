#include "sync/checkpoint.h"

#include <fmt/format.h>

#include <charconv>

#include "bulk/digest.h"
#include "core/json.h"

namespace lernd::sync {
namespace {

constexpr std::int64_t kFormat = 1;

std::unexpected<Error> unreadable(std::string_view what) {
  return fail(Treatment::fatal, ErrorCode::corrupt, fmt::format("is no checkpoint of this program ({})", what));
}

std::optional<std::int64_t> number_at(JsonView object, std::string_view member) {
  const auto found = object.find(member);
  return found ? found->integer() : std::nullopt;
}

std::optional<std::string> text_at(JsonView object, std::string_view member) {
  const auto found = object.find(member);
  const auto text = found ? found->text() : std::nullopt;
  return text ? std::optional(std::string(*text)) : std::nullopt;
}

/// Adds the intervals of a tail. A line that cannot be read only means that its ids are sent again.
void add_tail(std::string_view tail, std::int64_t total, bulk::Intervals& done) {
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
  bulk::Sha256 digest;
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

Result<std::optional<Checkpoint>> load(const bulk::CheckpointFile& file) {
  const auto content = file.load();
  if (!content) return std::unexpected(content.error());
  if (!*content) return std::nullopt;
  auto checkpoint = read_checkpoint((*content)->text);
  if (!checkpoint) return fail(Treatment::fatal, ErrorCode::corrupt, file.path() + " " + checkpoint.error().text);
  add_tail((*content)->tail, checkpoint->total, checkpoint->done);
  return std::optional(std::move(*checkpoint));
}

Result<void> note(const bulk::CheckpointFile& file, std::int64_t first, std::int64_t end) { return file.note(fmt::format("{} {}", first, end)); }

}  // namespace lernd::sync
