#include "jobs/user_cache_updater/text_forms.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>

namespace lernd::user_cache_updater {
namespace {

constexpr std::array<std::string_view, 2> kFirstMembers = {"subType", "type"};

/// The escape of a character in a JSON text; empty when it stands as it is. `rest` begins with the character.
std::string_view escape_of(std::string_view rest) {
  constexpr std::string_view kLineSeparator = "\u2028";
  constexpr std::string_view kParagraphSeparator = "\u2029";
  switch (rest.front()) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\t':
      return "\\t";
    case '\b':
      return "\\b";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\f':
      return "\\f";
    case '<':
      return "\\u003c";
    case '>':
      return "\\u003e";
    case '&':
      return "\\u0026";
    case '=':
      return "\\u003d";
    case '\'':
      return "\\u0027";
    default:
      if (rest.starts_with(kLineSeparator)) return "\\u2028";
      return rest.starts_with(kParagraphSeparator) ? "\\u2029" : "";
  }
}

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::size_t kSeparatorBytes = 3;
  out += '"';
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text.front());
    const auto escape = escape_of(text);
    if (!escape.empty()) {
      out += escape;
    } else if (byte < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else {
      out += text.front();
    }
    text.remove_prefix(!escape.empty() && byte >= 0x80 ? kSeparatorBytes : 1);
  }
  out += '"';
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  if (!out.ends_with('{')) out += ',';
  append_quoted(out, name);
  out += ':';
  append_quoted(out, text);
}

void append_object(std::string& out, JsonView object) {
  out += '{';
  for (const std::string_view name : kFirstMembers) {
    if (const auto text = object.find(name).value_or(JsonView()).text()) append_member(out, name, *text);
  }
  const auto members = object.members();
  for (auto member = members.begin(); member != members.end(); ++member) {
    const auto& [name, value] = *member;
    if (name == kFirstMembers[0] || name == kFirstMembers[1]) continue;
    // Of a repeated name the last one counts.
    const bool repeated = std::any_of(std::next(member), members.end(), [&](const auto& later) { return later.first == name; });
    if (const auto text = value.text(); text && !repeated) append_member(out, name, *text);
  }
  out += '}';
}

std::string shortest(double number, std::chars_format format) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, format);
  return {digits.data(), end.ptr};
}

}  // namespace

std::string plain_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '[' || c == ']') out += '\\';
    out += c;
  }
  return out;
}

std::string floating_text(double number) {
  constexpr double kPlainMin = 1e-3;
  constexpr double kPlainMax = 1e7;
  const double size = std::abs(number);
  if (size == 0 || (size >= kPlainMin && size < kPlainMax)) {
    const std::string digits = shortest(number, std::chars_format::fixed);
    return digits.find('.') == std::string::npos ? digits + ".0" : digits;
  }
  const std::string digits = shortest(number, std::chars_format::scientific);
  const auto e = digits.find('e');
  std::string text = digits.substr(0, e);
  if (text.find('.') == std::string::npos) text += ".0";
  auto exponent = std::string_view(digits).substr(e + 2);
  while (exponent.size() > 1 && exponent.front() == '0') exponent.remove_prefix(1);
  text += digits[e + 1] == '-' ? "E-" : "E";
  return text.append(exponent);
}

std::optional<std::string> scalar_text(JsonView value) {
  if (const auto text = value.text()) return std::string(*text);
  if (const auto truth = value.boolean()) return *truth ? "true" : "false";
  if (const auto number = value.number()) return floating_text(*number);
  return std::nullopt;
}

std::optional<std::vector<JsonView>> elements_of(JsonView value) {
  if (value.is_array()) return value.items();
  if (value.text()) return std::vector{value};
  return std::nullopt;
}

std::string list_text(const std::vector<JsonView>& elements) {
  std::string out = "[";
  for (const JsonView element : elements) {
    const auto text = scalar_text(element);
    if (!text && !element.is_null()) continue;
    if (out.size() > 1) out += ',';
    if (text) {
      append_quoted(out, *text);
    } else {
      out += "null";
    }
  }
  return out + "]";
}

std::string objects_text(const std::vector<JsonView>& elements) {
  std::string out = "[";
  for (const JsonView element : elements) {
    if (out.size() > 1) out += ',';
    if (element.is_object()) {
      append_object(out, element);
    } else {
      out += "null";
    }
  }
  return out + "]";
}

}  // namespace lernd::user_cache_updater
