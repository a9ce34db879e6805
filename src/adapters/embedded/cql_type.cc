#include "adapters/embedded/cql_type.h"

#include <algorithm>
#include <cctype>

namespace lernd::embedded {
namespace {

struct Scalar {
  std::string_view name;
  CqlType::Kind kind;
  int bits;
};

constexpr Scalar kScalars[] = {
    {"text", CqlType::Kind::text, 0},       {"varchar", CqlType::Kind::text, 0},      {"ascii", CqlType::Kind::text, 0},
    {"tinyint", CqlType::Kind::integer, 8}, {"smallint", CqlType::Kind::integer, 16}, {"int", CqlType::Kind::integer, 32},
    {"bigint", CqlType::Kind::integer, 64}, {"counter", CqlType::Kind::integer, 64},  {"float", CqlType::Kind::real, 32},
    {"double", CqlType::Kind::real, 64},    {"boolean", CqlType::Kind::boolean, 0},   {"timestamp", CqlType::Kind::timestamp, 0},
};

std::string plain(std::string_view spelling) {
  std::string text;
  for (const char c : spelling) {
    if (std::isspace(static_cast<unsigned char>(c)) == 0) text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return text;
}

/// The parameters between the outermost angle brackets, cut at the commas of that level.
std::vector<std::string_view> parameters(std::string_view text) {
  std::vector<std::string_view> found;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '<') ++depth;
    if (text[i] == '>') --depth;
    if (text[i] == ',' && depth == 0) {
      found.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  found.push_back(text.substr(begin));
  return found;
}

CqlType parsed(std::string_view text) {
  CqlType type;
  const auto scalar = std::ranges::find(kScalars, text, &Scalar::name);
  if (scalar != std::ranges::end(kScalars)) {
    type.kind = scalar->kind;
    type.bits = scalar->bits;
    return type;
  }
  const std::size_t open = text.find('<');
  if (open == std::string_view::npos || !text.ends_with('>')) return type;
  const std::string_view name = text.substr(0, open);
  const auto inner = parameters(text.substr(open + 1, text.size() - open - 2));
  if (name == "frozen" && inner.size() == 1) {
    type = parsed(inner[0]);
    type.frozen = true;
  } else if ((name == "list" || name == "set") && inner.size() == 1) {
    type.kind = name == "list" ? CqlType::Kind::list : CqlType::Kind::set;
    type.of = {parsed(inner[0])};
  } else if (name == "map" && inner.size() == 2) {
    type.kind = CqlType::Kind::map;
    type.of = {parsed(inner[0]), parsed(inner[1])};
  }
  return type;
}

}  // namespace

CqlType cql_type(std::string_view spelling) {
  CqlType type = parsed(plain(spelling));
  type.spelling = spelling;
  return type;
}

std::string_view sqlite_type(const CqlType& type) {
  switch (type.kind) {
    case CqlType::Kind::integer:
    case CqlType::Kind::boolean:
      return "INTEGER";
    case CqlType::Kind::real:
      return "REAL";
    case CqlType::Kind::bytes:
      return "BLOB";
    default:
      return "TEXT";
  }
}

}  // namespace lernd::embedded
