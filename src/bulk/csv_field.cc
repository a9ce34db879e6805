#include "bulk/csv_field.h"

namespace lernd::bulk {
namespace {

constexpr std::string_view kBlanks = " \t";

/// Takes a field off the front of the line, with the comma behind it. False when its quotes are wrong.
bool take_field(std::string_view& line, bool& more, std::string_view& value, std::string& unquoted) {
  const auto start = line.find_first_not_of(kBlanks);
  if (start == std::string_view::npos || line[start] != '"') {
    const auto comma = line.find(',');
    value = line.substr(0, comma);
    more = comma != std::string_view::npos;
    line.remove_prefix(more ? comma + 1 : line.size());
    return true;
  }
  unquoted.clear();
  line.remove_prefix(start + 1);
  while (true) {
    const auto quote = line.find('"');
    if (quote == std::string_view::npos) return false;
    unquoted.append(line.substr(0, quote));
    line.remove_prefix(quote + 1);
    if (!line.starts_with('"')) break;
    unquoted.push_back('"');
    line.remove_prefix(1);
  }
  value = unquoted;
  const auto behind = line.find_first_not_of(kBlanks);
  more = behind != std::string_view::npos;
  if (more && line[behind] != ',') return false;
  line.remove_prefix(more ? behind + 1 : line.size());
  return true;
}

}  // namespace

CsvField csv_field(std::string_view line, std::size_t column, std::string& unquoted) {
  CsvField found;
  std::string_view value;
  bool more = true;
  for (std::size_t i = 1; i <= column && more; ++i) {
    if (!take_field(line, more, value, unquoted)) return {.others = found.others, .broken = true};
    found.others = i > 1 || more;
    if (i == column) found.value = value;
  }
  return found;
}

std::string csv_quoted(std::string_view value) {
  if (value.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(value);
  std::string text = "\"";
  for (const char c : value) text.append(c == '"' ? 2 : 1, c);
  return text + "\"";
}

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace lernd::bulk
