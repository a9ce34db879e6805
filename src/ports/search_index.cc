#include "ports/search_index.h"

#include <algorithm>

#include "core/json.h"

namespace lernd {

bool fits(std::string_view source, std::span<const DocumentTerm> terms) {
  if (terms.empty()) return true;
  const auto document = JsonDocument::parse(source);
  if (!document) return false;
  return std::ranges::all_of(terms, [&](const DocumentTerm& term) {
    const auto is_value = [&](JsonView value) { return value.text() == term.value; };
    const auto field = document->root().find(term.field);
    return field && (is_value(*field) || std::ranges::any_of(field->items(), is_value));
  });
}

}  // namespace lernd
