#include "runtime/journal_entry.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "core/json.h"
#include "core/plan_json.h"

namespace lernd {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::int64_t kWaveMax = std::numeric_limits<int>::max();

// FNV-1a, 64 bits: the same on every machine and in every build, which std::hash is not.
constexpr std::uint64_t kFnvBasis = 0xcbf29ce484222325ULL;
constexpr std::uint64_t kFnvPrime = 0x100000001b3ULL;

std::uint64_t fnv(std::uint64_t seed, std::string_view bytes) {
  for (const char c : bytes) seed = (seed ^ static_cast<unsigned char>(c)) * kFnvPrime;
  return seed;
}

std::unexpected<Error> corrupt() {
  return fail(Treatment::fatal, ErrorCode::corrupt,
              "an entry of the journal cannot be read back; see docs/delivery.md, \"A journal entry that cannot be read\"");
}

std::optional<std::uint64_t> hex_number(JsonView json) {
  const auto text = json.text();
  if (!text) return std::nullopt;
  std::uint64_t number = 0;
  const auto end = std::from_chars(text->data(), text->data() + text->size(), number, 16);
  if (end.ec != std::errc() || end.ptr != text->data() + text->size()) return std::nullopt;
  return number;
}

JsonView in(JsonView json, std::string_view name) { return json.find(name).value_or(JsonView()); }

Result<Error> error_from(JsonView json) {
  const auto treatment = in(json, "treatment").text();
  const auto code = in(json, "code").text();
  const auto text = in(json, "text").text();
  if (!treatment || !code || !text) return corrupt();
  return Error{treatment_named(*treatment), error_code_named(*code), std::string(*text)};
}

Result<JournalItem> item_from(JsonView json) {
  JournalItem item;
  for (const JsonView offset : in(json, "offsets").items()) {
    if (!offset.integer()) return corrupt();
    item.offsets.push_back({*offset.integer()});
  }
  const auto number = hex_number(in(json, "fingerprint"));
  auto plan = plan_from_json(in(json, "plan"));
  if (item.offsets.empty() || !number || !plan) return corrupt();
  item.fingerprint = *number;
  item.plan = *std::move(plan);
  if (const auto found = json.find("error")) {
    auto error = error_from(*found);
    if (!error) return corrupt();
    item.error = *std::move(error);
  }
  return item;
}

void append(JsonWriter& json, const JournalItem& item) {
  json.open_object().name("offsets").open_array();
  for (const Offset offset : item.offsets) json.integer(offset.value);
  json.close_array().name("fingerprint").text(fmt::format("{:x}", item.fingerprint));
  if (item.error) {
    json.name("error").open_object().name("treatment").text(name_of(item.error->treatment)).name("code").text(name_of(item.error->code));
    json.name("text").text(item.error->text).close_object();
  }
  append_json(json.name("plan"), item.plan);
  json.close_object();
}

}  // namespace

std::string to_text(const JournalEntry& entry) {
  std::string text;
  JsonWriter json(text);
  json.open_object().name("version").integer(kVersion).name("first").integer(entry.first.value);
  json.name("wave").integer(entry.wave).name("time_us").integer(entry.time.us).name("items").open_array();
  for (const JournalItem& item : entry.items) append(json, item);
  json.close_array().close_object();
  return text;
}

Result<JournalEntry> journal_entry_from_text(std::string_view text) {
  const auto document = JsonDocument::parse(text);
  if (!document) return corrupt();
  const JsonView root = document->root();
  const auto first = in(root, "first").integer();
  const auto wave = in(root, "wave").integer();
  const auto time = in(root, "time_us").integer();
  if (in(root, "version").integer() != kVersion || !first || !wave || *wave < 0 || *wave > kWaveMax || !time || !in(root, "items").is_array()) return corrupt();
  JournalEntry entry{.first = {*first}, .wave = static_cast<int>(*wave), .time = {*time}};
  for (const JsonView json : in(root, "items").items()) {
    auto item = item_from(json);
    if (!item) return std::unexpected(item.error());
    entry.items.push_back(*std::move(item));
  }
  return entry;
}

std::uint64_t fingerprint(const Record& record) {
  // Absent and empty are told apart by a byte that UTF-8 never holds.
  const auto part = [](std::uint64_t seed, const std::optional<std::string>& text) { return text ? fnv(fnv(seed, "\xfe"), *text) : fnv(seed, "\xff"); };
  return part(part(kFnvBasis, record.key), record.value);
}

std::uint64_t combine(std::uint64_t fingerprint, std::uint64_t next) { return (fingerprint * kFnvPrime) ^ next; }

}  // namespace lernd
