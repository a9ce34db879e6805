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

/// All that is known of a kind. `bits`: of a number, or of carried bytes of a fixed size.
struct KindFacts {
  CqlKind kind;
  std::string_view name;
  CqlForm form;
  std::size_t parameters = 0;
  int bits = 0;
};

/// In the order of CqlKind.
constexpr KindFacts kKinds[] = {
    {CqlKind::text, "text", CqlForm::text},
    {CqlKind::boolean, "boolean", CqlForm::boolean},
    {CqlKind::tinyint, "tinyint", CqlForm::integer, 0, 8},
    {CqlKind::smallint, "smallint", CqlForm::integer, 0, 16},
    {CqlKind::integer, "int", CqlForm::integer, 0, 32},
    {CqlKind::bigint, "bigint", CqlForm::integer, 0, 64},
    {CqlKind::counter, "counter", CqlForm::integer, 0, 64},
    {CqlKind::single_float, "float", CqlForm::real, 0, 32},
    {CqlKind::double_float, "double", CqlForm::real, 0, 64},
    {CqlKind::timestamp, "timestamp", CqlForm::timestamp},
    {CqlKind::list, "list", CqlForm::list, 1},
    {CqlKind::set, "set", CqlForm::set, 1},
    {CqlKind::map, "map", CqlForm::map, 2},
    {CqlKind::date, "date", CqlForm::bytes, 0, 32},
    {CqlKind::time, "time", CqlForm::bytes, 0, 64},
    {CqlKind::uuid, "uuid", CqlForm::bytes, 0, 128},
    {CqlKind::carried, "another type", CqlForm::bytes},  // no type's name has a blank in it
};

constexpr const KindFacts& facts_of(CqlKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

static_assert(std::ranges::all_of(kKinds, [](const KindFacts& facts) { return &facts_of(facts.kind) == &facts; }));

/// Second names.
constexpr std::pair<std::string_view, CqlKind> kSynonyms[] = {{"varchar", CqlKind::text}, {"ascii", CqlKind::text}, {"timeuuid", CqlKind::uuid}};

CqlKind kind_named(std::string_view name) {
  if (const auto* known = std::ranges::find(kKinds, name, &KindFacts::name); known != std::end(kKinds)) return known->kind;
  const auto* synonym = std::ranges::find(kSynonyms, name, &std::pair<std::string_view, CqlKind>::first);
  return synonym == std::end(kSynonyms) ? CqlKind::carried : synonym->second;
}

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
    const CqlKind kind = kind_named(name);
    if (kind == CqlKind::carried) return CqlType{};
    if (parameters->size() != facts_of(kind).parameters) return std::nullopt;
    return CqlType{.kind = kind, .parameters = std::move(*parameters)};
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

CqlForm form_of(CqlKind kind) { return facts_of(kind).form; }

bool is_collection(const CqlType& type) { return facts_of(type.kind).parameters > 0; }

int bits_of(CqlKind kind) { return form_of(kind) == CqlForm::bytes ? 0 : facts_of(kind).bits; }

std::string_view name_of(CqlKind kind) { return facts_of(kind).name; }

std::string text_of(const CqlType& type) {
  std::string text(name_of(type.kind));
  for (std::size_t i = 0; i < type.parameters.size(); ++i) text += (i == 0 ? "<" : ", ") + text_of(type.parameters[i]);
  if (!type.parameters.empty()) text += '>';
  return text;
}

std::size_t carried_size(CqlKind kind) { return form_of(kind) == CqlForm::bytes ? static_cast<std::size_t>(facts_of(kind).bits) / 8 : 0; }

Result<CqlType> parse_cql_type(std::string_view text) {
  if (std::optional<CqlType> type = Parser(text).whole()) return std::move(*type);
  return fail(Treatment::fatal, ErrorCode::schema_mismatch, fmt::format("not a CQL type: {}", text));
}

}  // namespace lernd
