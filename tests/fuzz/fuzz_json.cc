#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/json.h"
#include "core/lenient_json.h"
#include "fuzz/require.h"

/// What another parser takes for JSON is JSON; whatever is read is written and read back as itself; mending ends.
namespace lernd {
namespace {

void write(JsonWriter& out, JsonView json) {
  if (json.is_object()) {
    out.open_object();
    for (const auto& [name, value] : json.members()) write(out.name(name), value);
    out.close_object();
  } else if (json.is_array()) {
    out.open_array();
    for (const JsonView item : json.items()) write(out, item);
    out.close_array();
  } else if (const auto text = json.text()) {
    out.text(*text);
  } else if (const auto integer = json.integer()) {
    out.integer(*integer);
  } else if (const auto number = json.number()) {
    out.number(*number);
  } else if (const auto boolean = json.boolean()) {
    out.boolean(*boolean);
  } else {
    require(json.is_null());
    out.null();
  }
}

bool same(JsonView a, JsonView b) {
  if (a.is_object() != b.is_object() || a.is_array() != b.is_array() || a.is_null() != b.is_null()) return false;
  if (a.text() != b.text() || a.integer() != b.integer() || a.number() != b.number() || a.boolean() != b.boolean()) return false;
  if (!std::ranges::equal(a.items(), b.items(), same)) return false;
  return std::ranges::equal(a.members(), b.members(), [](const auto& x, const auto& y) { return x.first == y.first && same(x.second, y.second); });
}

std::size_t depth(std::string_view json) {
  std::size_t now = 0;
  std::size_t most = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '\\' && in_string) ++i;
    if (i >= json.size()) break;
    if (json[i] == '"') in_string = !in_string;
    if (in_string) continue;
    if (json[i] == '{' || json[i] == '[') most = std::max(most, ++now);
    if ((json[i] == '}' || json[i] == ']') && now > 0) --now;
  }
  return most;
}

/// Whether another parser, which knows no leniency, takes the text. It ends at a zero byte, so such texts prove nothing.
bool is_json_elsewhere(std::string_view text) { return text.find('\0') == std::string_view::npos && nlohmann::json::accept(text); }

void check(std::string_view text) {
  if (const auto strict = strict_json(text)) require(!strict_json(*strict));

  const auto document = JsonDocument::parse(text);
  if (!document) {
    require(document.error().treatment == Treatment::skip && document.error().code == ErrorCode::malformed_record);
    require(!is_json_elsewhere(text) || depth(text) > 512);
    return;
  }
  std::string written;
  JsonWriter writer(written);
  write(writer, document->root());
  const auto again = JsonDocument::parse(written);
  require(again.has_value());
  require(same(document->root(), again->root()));
  require(nlohmann::json::accept(written));
}

}  // namespace
}  // namespace lernd

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  lernd::check({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
