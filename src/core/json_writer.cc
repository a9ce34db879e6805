#include <fmt/format.h>
#include <simdjson.h>

#include <bit>
#include <cmath>

#include "core/json.h"

namespace lernd {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

/// The length of a UTF-8 sequence as its first byte gives it.
std::size_t sequence_length(char lead) {
  const auto ones = static_cast<std::size_t>(std::countl_one(static_cast<unsigned char>(lead)));
  return ones == 0 ? 1 : ones;
}

std::string with_replacements(std::string_view text) {
  std::string valid;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view sequence = text.substr(i, sequence_length(text[i]));
    if (is_utf8(sequence)) {
      valid += sequence;
      i += sequence.size();
    } else {
      valid += kReplacement;
      ++i;
    }
  }
  return valid;
}

void append_quoted(std::string& out, std::string_view text) {
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

void append_escaped(std::string& out, std::string_view text) {
  if (is_utf8(text)) {
    append_quoted(out, text);
  } else {
    append_quoted(out, with_replacements(text));
  }
}

}  // namespace

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

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
