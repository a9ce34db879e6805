#include "jobs/id_line.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/json.h"

namespace lernd {
namespace {

/// Longer than any id of the platform.
constexpr std::size_t kValueBytesMax = 200;

bool is_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("-._~:@/+,").contains(c); }

/// The beginning of a text, cut between two characters.
std::string_view beginning(std::string_view text) {
  if (text.size() <= kValueBytesMax) return text;
  std::size_t end = kValueBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace

void IdLine::open(std::string_view name) {
  if (!text_.empty()) text_ += ' ';
  text_.append(name).append("=");
}

IdLine& IdLine::add(std::string_view name, std::string_view value) {
  open(name);
  if (!value.empty() && value.size() <= kValueBytesMax && std::ranges::all_of(value, is_plain)) {
    text_.append(value);
    return *this;
  }
  JsonWriter(text_).text(beginning(value));
  return *this;
}

IdLine& IdLine::add(std::string_view name, std::size_t n) {
  open(name);
  text_ += fmt::format("{}", n);
  return *this;
}

}  // namespace lernd
