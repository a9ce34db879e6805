#include "core/cql_type.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace lernd {
namespace {

constexpr int kDepthMax = 16;
constexpr std::string_view kSpace = " \t\r\n";

struct NamedKind {
  std::string_view name;
  CqlKind kind;
  std::size_t parameters;
};

constexpr NamedKind kKinds[] = {
    {"text", CqlKind::text, 0},
    {"varchar", CqlKind::text, 0},
    {"ascii", CqlKind::text, 0},
    {"boolean", CqlKind::boolean, 0},
    {"tinyint", CqlKind::tinyint, 0},
    {"smallint", CqlKind::smallint, 0},
    {"int", CqlKind::integer, 0},
    {"bigint", CqlKind::bigint, 0},
    {"counter", CqlKind::counter, 0},
    {"float", CqlKind::single_float, 0},
    {"double", CqlKind::double_float, 0},
    {"timestamp", CqlKind::timestamp, 0},
    {"date", CqlKind::date, 0},
    {"time", CqlKind::time, 0},
    {"uuid", CqlKind::uuid, 0},
    {"timeuuid", CqlKind::uuid, 0},
    {"list", CqlKind::list, 1},
    {"set", CqlKind::set, 1},
    {"map", CqlKind::map, 2},
};

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  std::optional<CqlType> whole() {
    std::optional<CqlType> type = next(0);
    skip_space();
    return rest_.empty() ? type : std::nullopt;
  }

 private:
  std::optional<CqlType> next(int depth) {
    if (depth > kDepthMax) return std::nullopt;
    const std::string name = next_name();
    if (name.empty()) return std::nullopt;
    std::optional<std::vector<CqlType>> parameters = next_parameters(depth);
    if (!parameters) return std::nullopt;
    if (name == "frozen") {
      if (parameters->size() != 1) return std::nullopt;
      parameters->front().frozen = true;
      return std::move(parameters->front());
    }
    const auto known = std::ranges::find(kKinds, name, &NamedKind::name);
    if (known == std::end(kKinds)) return CqlType{};
    if (parameters->size() != known->parameters) return std::nullopt;
    return CqlType{.kind = known->kind, .parameters = std::move(*parameters)};
  }

  std::optional<std::vector<CqlType>> next_parameters(int depth) {
    std::vector<CqlType> parameters;
    if (!take('<')) return parameters;
    do {
      std::optional<CqlType> parameter = next(depth + 1);
      if (!parameter) return std::nullopt;
      parameters.push_back(std::move(*parameter));
    } while (take(','));
    return take('>') ? std::optional(std::move(parameters)) : std::nullopt;
  }

  /// A name in lower case, or a quoted one with its quotes; empty when there is none.
  std::string next_name() {
    skip_space();
    if (!rest_.empty() && (rest_.front() == '"' || rest_.front() == '\'')) {
      const std::size_t end = rest_.find(rest_.front(), 1);
      return end == std::string_view::npos ? std::string() : std::string(taken(end + 1));
    }
    std::string name(taken(std::min(rest_.find_first_of("<>, \t\r\n"), rest_.size())));
    std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return name;
  }

  std::string_view taken(std::size_t size) {
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }

  bool take(char c) {
    skip_space();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(kSpace), rest_.size())); }

  std::string_view rest_;
};

}  // namespace

CqlForm form_of(CqlKind kind) {
  switch (kind) {
    case CqlKind::text:
      return CqlForm::text;
    case CqlKind::boolean:
      return CqlForm::boolean;
    case CqlKind::tinyint:
    case CqlKind::smallint:
    case CqlKind::integer:
    case CqlKind::bigint:
    case CqlKind::counter:
      return CqlForm::integer;
    case CqlKind::single_float:
    case CqlKind::double_float:
      return CqlForm::real;
    case CqlKind::timestamp:
      return CqlForm::timestamp;
    case CqlKind::list:
      return CqlForm::list;
    case CqlKind::set:
      return CqlForm::set;
    case CqlKind::map:
      return CqlForm::map;
    case CqlKind::date:
    case CqlKind::time:
    case CqlKind::uuid:
    case CqlKind::carried:
      break;
  }
  return CqlForm::bytes;
}

bool is_collection(const CqlType& type) {
  const CqlForm form = form_of(type);
  return form == CqlForm::list || form == CqlForm::set || form == CqlForm::map;
}

int bits_of(CqlKind kind) {
  switch (kind) {
    case CqlKind::tinyint:
      return 8;
    case CqlKind::smallint:
      return 16;
    case CqlKind::integer:
    case CqlKind::single_float:
      return 32;
    case CqlKind::bigint:
    case CqlKind::counter:
    case CqlKind::double_float:
      return 64;
    default:
      return 0;
  }
}

std::string_view name_of(CqlKind kind) {
  switch (kind) {
    case CqlKind::text:
      return "text";
    case CqlKind::boolean:
      return "boolean";
    case CqlKind::tinyint:
      return "tinyint";
    case CqlKind::smallint:
      return "smallint";
    case CqlKind::integer:
      return "int";
    case CqlKind::bigint:
      return "bigint";
    case CqlKind::counter:
      return "counter";
    case CqlKind::single_float:
      return "float";
    case CqlKind::double_float:
      return "double";
    case CqlKind::timestamp:
      return "timestamp";
    case CqlKind::list:
      return "list";
    case CqlKind::set:
      return "set";
    case CqlKind::map:
      return "map";
    case CqlKind::date:
      return "date";
    case CqlKind::time:
      return "time";
    case CqlKind::uuid:
      return "uuid";
    case CqlKind::carried:
      break;
  }
  return "another type";
}

std::string text_of(const CqlType& type) {
  std::string text(name_of(type.kind));
  for (std::size_t i = 0; i < type.parameters.size(); ++i) text += (i == 0 ? "<" : ", ") + text_of(type.parameters[i]);
  if (!type.parameters.empty()) text += '>';
  return text;
}

std::size_t carried_size(CqlKind kind) {
  switch (kind) {
    case CqlKind::date:
      return 4;
    case CqlKind::time:
      return 8;
    case CqlKind::uuid:
      return 16;
    default:
      return 0;
  }
}

Result<CqlType> parse_cql_type(std::string_view text) {
  if (std::optional<CqlType> type = Parser(text).whole()) return std::move(*type);
  return fail(Treatment::fatal, ErrorCode::schema_mismatch, fmt::format("not a CQL type: {}", text));
}

}  // namespace lernd
