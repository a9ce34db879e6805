#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lernd::bulk {

/// One field of a line of comma-separated values.
struct CsvField {
  std::string_view value;  ///< without its quotes; empty when there is no such column
  bool others = false;     ///< the line has other columns
  bool broken = false;     ///< a quote is not closed, or there is text behind it
};

/// Takes column `column` (from 1) out of a line. A quoted value is put into `unquoted`, which `value` then looks into. Source: RFC 4180.
CsvField csv_field(std::string_view line, std::size_t column, std::string& unquoted);

/// A value as a field: in quotes where it holds a comma, a quote or a line break.
std::string csv_quoted(std::string_view value);

/// Without spaces and tabs at both ends.
std::string_view without_blanks(std::string_view text);

}  // namespace lernd::bulk
