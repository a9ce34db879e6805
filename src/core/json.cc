#include "core/json.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <bit>
#include <cmath>

namespace lernd {

using Element = simdjson::dom::element;

struct JsonDocument::Parsed {
  simdjson::dom::document document;
};

/// The bridge between a view and the library's element, which is a pointer and an index.
struct JsonElement {
  static_assert(sizeof(Element) == sizeof(JsonView::element_) && std::is_trivially_copyable_v<Element>);
  static std::optional<Element> of(const JsonView& view) {
    if (view.element_[0] == 0) return std::nullopt;
    return std::bit_cast<Element>(view.element_);
  }
  static JsonView view(Element element) {
    JsonView view;
    view.element_ = std::bit_cast<std::array<std::uint64_t, 2>>(element);
    return view;
  }
};

namespace {

constexpr std::size_t kDepthMax = 512;

template <class Wanted>
std::optional<Wanted> as(const JsonView& view) {
  const auto element = JsonElement::of(view);
  Wanted wanted;
  if (!element || element->get(wanted) != simdjson::SUCCESS) return std::nullopt;
  return wanted;
}

bool is_known_escape(char c) { return std::string_view("\"\\/bfnrtu").find(c) != std::string_view::npos; }

/// Drops the backslash in front of characters that JSON has no escape for. Returns nothing when there is none.
std::optional<std::string> without_unknown_escapes(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  bool changed = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      plain += text[i];
    } else if (is_known_escape(text[i + 1])) {
      plain += text[i];
      plain += text[++i];
    } else {
      changed = true;
      plain += text[++i];
    }
  }
  if (!changed) return std::nullopt;
  return plain;
}

simdjson::error_code parse_into(simdjson::dom::document& document, std::string_view text) {
  thread_local simdjson::dom::parser parser;
  if (parser.max_depth() != kDepthMax || parser.capacity() < text.size()) {
    if (const auto error = parser.allocate(std::max<std::size_t>(text.size(), 4096), kDepthMax)) return error;
  }
  return parser.parse_into_document(document, text.data(), text.size(), true).error();
}

}  // namespace

bool JsonView::is_object() const { return as<simdjson::dom::object>(*this).has_value(); }
bool JsonView::is_array() const { return as<simdjson::dom::array>(*this).has_value(); }

bool JsonView::is_null() const {
  const auto element = JsonElement::of(*this);
  return !element || element->is_null();
}

std::optional<JsonView> JsonView::find(std::string_view member) const {
  const auto object = as<simdjson::dom::object>(*this);
  if (!object) return std::nullopt;
  std::optional<JsonView> last;
  for (const auto field : *object) {
    if (field.key == member) last = JsonElement::view(field.value);
  }
  return last;
}

std::optional<std::string_view> JsonView::text() const { return as<std::string_view>(*this); }
std::optional<double> JsonView::number() const { return as<double>(*this); }
std::optional<std::int64_t> JsonView::integer() const { return as<std::int64_t>(*this); }
std::optional<bool> JsonView::boolean() const { return as<bool>(*this); }

std::vector<JsonView> JsonView::items() const {
  std::vector<JsonView> items;
  if (const auto array = as<simdjson::dom::array>(*this)) {
    for (const Element item : *array) items.push_back(JsonElement::view(item));
  }
  return items;
}

std::vector<std::pair<std::string_view, JsonView>> JsonView::members() const {
  std::vector<std::pair<std::string_view, JsonView>> members;
  if (const auto object = as<simdjson::dom::object>(*this)) {
    for (const auto field : *object) members.emplace_back(field.key, JsonElement::view(field.value));
  }
  return members;
}

JsonDocument::JsonDocument(std::unique_ptr<Parsed> parsed) : parsed_(std::move(parsed)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

JsonView JsonDocument::root() const { return JsonElement::view(parsed_->document.root()); }

Result<JsonDocument> JsonDocument::parse(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  auto parsed = std::make_unique<Parsed>();
  auto error = parse_into(parsed->document, text);
  if (error == simdjson::STRING_ERROR) {
    if (const auto plain = without_unknown_escapes(text)) error = parse_into(parsed->document, *plain);
  }
  if (error != simdjson::SUCCESS) {
    return fail(Treatment::skip, ErrorCode::malformed_record, fmt::format("the record is not JSON: {}", simdjson::error_message(error)));
  }
  return JsonDocument(std::move(parsed));
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_ += bracket;
  first_ = false;
  return *this;
}

void JsonWriter::separate() {
  if (!first_) out_ += ',';
  first_ = false;
}

namespace {

void append_escaped(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

}  // namespace

JsonWriter& JsonWriter::name(std::string_view name) {
  separate();
  append_escaped(out_, name);
  out_ += ':';
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view text) {
  separate();
  append_escaped(out_, text);
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t number) {
  separate();
  fmt::format_to(std::back_inserter(out_), "{}", number);
  return *this;
}

JsonWriter& JsonWriter::number(double number) {
  if (!std::isfinite(number)) return null();
  separate();
  const std::string digits = fmt::format("{}", number);
  out_ += digits;
  if (digits.find_first_of(".e") == std::string::npos) out_ += ".0";
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) { return raw(value ? "true" : "false"); }
JsonWriter& JsonWriter::null() { return raw("null"); }

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

}  // namespace lernd
