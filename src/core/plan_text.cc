#include <fmt/chrono.h>
#include <fmt/format.h>

#include "core/plan_json.h"

namespace lernd {
namespace {

/// A text on one line, without control characters: it may come from a record and end on a terminal.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : one_line(text)) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

struct ValueText {
  std::string operator()(std::monostate) const { return "null"; }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
  std::string operator()(double value) const { return fmt::format("{:#}", value); }
  std::string operator()(const std::string& value) const { return quoted(value); }
  std::string operator()(Timestamp value) const { return iso_text(value); }
  std::string operator()(const ValueBytes& value) const { return fmt::format("<{} bytes>", value.bytes.size()); }
  std::string operator()(const ValueList& value) const {
    std::string text = "[";
    for (const Value& item : value.items) text += (text.size() > 1 ? ", " : "") + describe(item);
    return text + "]";
  }
  std::string operator()(const ValueMap& value) const {
    std::string text = "{";
    for (const auto& [key, entry] : value.entries) text += (text.size() > 1 ? ", " : "") + describe(key) + ": " + describe(entry);
    return text + "}";
  }
};

constexpr std::string_view kRowVerbs[] = {"update", "insert", "delete"};
constexpr std::string_view kCacheVerbs[] = {"put text", "put set", "put fields", "put hash", "delete"};

std::string line(const RowWrite& write) {
  std::string text = fmt::format("{} {} (", kRowVerbs[static_cast<std::size_t>(write.kind)], write.table.text());
  for (std::size_t i = 0; i < write.key.size(); ++i) text += (i > 0 ? ", " : "") + write.key[i].column + " " + describe(write.key[i].value);
  text += ")";
  for (const Assignment& assignment : write.set) {
    text += fmt::format(" {} {} {}", assignment.column, assignment.mode == Assignment::Mode::merge ? "+=" : "=", describe(assignment.value));
  }
  return text;
}

std::string line(const CacheWrite& write) {
  std::string text =
      fmt::format("{} {}[{}] {}", kCacheVerbs[static_cast<std::size_t>(write.kind)], write.cache.endpoint, write.cache.database, quoted(write.key));
  if (write.value.text) text += " = " + quoted(*write.value.text);
  for (const std::string& member : write.value.members) text += " " + quoted(member);
  for (const std::string& field : write.drop) text += " -" + quoted(field);
  for (const auto& [field, value] : write.value.fields) text += fmt::format(" {}={}", quoted(field), quoted(value));
  if (write.expiry.count() != 0) text += fmt::format(" for {} s", write.expiry.count());
  return text;
}

std::string line(const DocumentWrite& write) {
  return fmt::format("in document {} of {}: {} becomes {}", quoted(write.document.id), write.document.index, quoted(write.from), quoted(write.to));
}

std::string line(const OutputRecord& record) {
  return fmt::format("send to {}{}: {}", record.topic, record.key ? " with key " + quoted(*record.key) : "",
                     record.value ? one_line(*record.value) : "(tombstone)");
}

}  // namespace

std::string iso_text(Timestamp time) {
  const auto ms = ((time.ms % 1000) + 1000) % 1000;
  const auto seconds = time.ms / 1000 - (time.ms % 1000 < 0 ? 1 : 0);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(static_cast<std::time_t>(seconds)), ms);
}

std::string describe(const Value& value) { return std::visit(ValueText{}, value.form); }

std::string describe(const Plan& plan, std::string_view indent) {
  std::string text;
  for (const WriteStage& stage : plan.stages) {
    for (const WriteGroup& group : stage) {
      std::visit(
          [&](const auto& writes) {
            for (const auto& write : writes) text += fmt::format("{}{}\n", indent, line(write));
          },
          group);
    }
  }
  for (const OutputRecord& record : plan.outputs) text += fmt::format("{}{}\n", indent, line(record));
  if (text.empty()) text = fmt::format("{}nothing to write or send\n", indent);
  return text;
}

}  // namespace lernd
