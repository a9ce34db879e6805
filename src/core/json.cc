#include "core/json.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <bit>

#include "core/lenient_json.h"

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

std::string JsonView::compact() const {
  const auto element = JsonElement::of(*this);
  return element ? simdjson::minify(*element) : "null";
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
  if (error == simdjson::STRING_ERROR || error == simdjson::NUMBER_ERROR || error == simdjson::UNESCAPED_CHARS) {
    if (const auto strict = strict_json(text)) error = parse_into(parsed->document, *strict);
  }
  if (error != simdjson::SUCCESS) {
    return fail(Treatment::skip, ErrorCode::malformed_record, fmt::format("the record is not JSON: {}", simdjson::error_message(error)));
  }
  return JsonDocument(std::move(parsed));
}

Result<JsonDocument> JsonDocument::parse_first(std::string_view text) {
  auto whole = parse(text);
  if (whole) return whole;
  const auto first = first_value(text);
  return first.size() == text.size() ? std::move(whole) : parse(first);
}

}  // namespace lernd
