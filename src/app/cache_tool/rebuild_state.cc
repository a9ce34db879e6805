#include "app/cache_tool/rebuild_state.h"

#include <fmt/format.h>

#include "core/json.h"

namespace lernd::cache_tool {
namespace {

constexpr std::int64_t kFormat = 1;

void append(JsonWriter& json, const RebuildState& state) {
  json.open_object().name("done").integer(state.done).name("written").integer(state.written).name("unknown").integer(state.unknown);
  json.name("blocked").integer(state.blocked).name("failed").open_object();
  for (const auto& [code, count] : state.failed) json.name(code).integer(count);
  json.close_object().name("left_bytes").integer(state.left_bytes).close_object();
}

std::optional<std::int64_t> count_in(JsonView object, std::string_view member) {
  const auto found = object.find(member).value_or(JsonView()).integer();
  return found && *found >= 0 ? found : std::nullopt;
}

std::optional<std::string> text_in(JsonView object, std::string_view member) {
  const auto text = object.find(member).value_or(JsonView()).text();
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

/// Nothing for a state whose numbers do not add up.
std::optional<RebuildState> state_in(JsonView json, std::int64_t total) {
  const auto done = count_in(json, "done");
  const auto written = count_in(json, "written");
  const auto unknown = count_in(json, "unknown");
  const auto blocked = count_in(json, "blocked");
  const auto left = count_in(json, "left_bytes");
  if (!done || !written || !unknown || !blocked || !left || *done > total) return std::nullopt;
  RebuildState state{.done = *done, .written = *written, .unknown = *unknown, .blocked = *blocked, .failed = {}, .left_bytes = *left};
  for (const auto& [code, count] : json.find("failed").value_or(JsonView()).members()) {
    const auto number = count.integer();
    if (!number || *number < 0) return std::nullopt;
    state.failed[std::string(code)] = *number;
  }
  if (state.written + state.unknown + state.blocked + state.failures() != state.done) return std::nullopt;
  return state;
}

std::unexpected<Error> unreadable() { return fail(Treatment::fatal, ErrorCode::corrupt, "is no checkpoint of a rebuild"); }

}  // namespace

std::int64_t RebuildState::failures() const {
  std::int64_t sum = 0;
  for (const auto& [code, count] : failed) sum += count;
  return sum;
}

void RebuildState::add(const Fate& fate) {
  ++done;
  switch (fate.kind) {
    case Fate::Kind::done:
      ++written;
      break;
    case Fate::Kind::unknown:
      ++unknown;
      break;
    case Fate::Kind::blocked:
      ++blocked;
      break;
    case Fate::Kind::failed:
      ++failed[std::string(name_of(fate.code))];
      break;
  }
}

std::string checkpoint_json(const RebuildCheckpoint& checkpoint) {
  std::string text;
  JsonWriter json(text);
  json.open_object().name("format").integer(kFormat).name("fingerprint").text(checkpoint.fingerprint).name("source").text(checkpoint.source);
  json.name("total").integer(checkpoint.total).name("list_sha256").text(checkpoint.list_sha256).name("state");
  append(json, checkpoint.state);
  json.close_object();
  return text + "\n";
}

Result<RebuildCheckpoint> read_checkpoint(std::string_view json) {
  const auto document = JsonDocument::parse(json);
  if (!document) return unreadable();
  const JsonView root = document->root();
  const auto fingerprint = text_in(root, "fingerprint");
  const auto source = text_in(root, "source");
  const auto list = text_in(root, "list_sha256");
  const auto total = count_in(root, "total");
  if (count_in(root, "format") != kFormat || !fingerprint || !source || !list || !total) return unreadable();
  auto state = state_in(root.find("state").value_or(JsonView()), *total);
  if (!state) return unreadable();
  return RebuildCheckpoint{.fingerprint = *fingerprint, .source = *source, .total = *total, .list_sha256 = *list, .state = std::move(*state)};
}

Result<void> note(const bulk::CheckpointFile& file, const RebuildState& state) {
  std::string line;
  JsonWriter json(line);
  append(json, state);
  return file.note(line);
}

Result<void> save(const bulk::CheckpointFile& file, const RebuildCheckpoint& checkpoint) { return file.save(checkpoint_json(checkpoint)); }

Result<std::optional<RebuildCheckpoint>> load(const bulk::CheckpointFile& file) {
  const auto content = file.load();
  if (!content) return std::unexpected(content.error());
  if (!*content) return std::nullopt;
  auto checkpoint = read_checkpoint((*content)->text);
  if (!checkpoint) return fail(Treatment::fatal, ErrorCode::corrupt, fmt::format("{} {}", file.path(), checkpoint.error().text));
  std::string_view tail = (*content)->tail;
  for (auto end = tail.find('\n'); end != std::string_view::npos; end = tail.find('\n')) {
    const auto document = JsonDocument::parse(tail.substr(0, end));
    auto state = document ? state_in(document->root(), checkpoint->total) : std::nullopt;
    // Lines of a tail that was not emptied any more tell of what the file knows.
    if (state && state->done > checkpoint->state.done) checkpoint->state = std::move(*state);
    tail.remove_prefix(end + 1);
  }
  return std::optional(std::move(*checkpoint));
}

}  // namespace lernd::cache_tool
