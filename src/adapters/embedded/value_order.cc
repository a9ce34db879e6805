#include "adapters/embedded/value_order.h"

#include <algorithm>
#include <map>

namespace lernd::embedded {
namespace {

struct Before {
  bool operator()(const ValueBytes& left, const ValueBytes& right) const { return left.bytes < right.bytes; }
  bool operator()(const ValueList& left, const ValueList& right) const { return std::ranges::lexicographical_compare(left.items, right.items, before); }
  bool operator()(const ValueMap& left, const ValueMap& right) const {
    return std::ranges::lexicographical_compare(left.entries, right.entries, [](const auto& a, const auto& b) {
      return before(a.first, b.first) || (!before(b.first, a.first) && before(a.second, b.second));
    });
  }
  bool operator()(const auto& left, const auto& right) const { return left < right; }
};

}  // namespace

bool before(const Value& left, const Value& right) {
  if (left.form.index() != right.form.index()) return left.form.index() < right.form.index();
  return std::visit([&](const auto& value) { return Before{}(value, std::get<std::decay_t<decltype(value)>>(right.form)); }, left.form);
}

std::vector<std::pair<Value, Value>> in_key_order(std::vector<std::pair<Value, Value>> entries) {
  const auto out_of_order = [](const auto& left, const auto& right) { return !before(left.first, right.first); };
  if (std::ranges::adjacent_find(entries, out_of_order) == entries.end()) return entries;
  std::map<Value, Value, decltype(&before)> ordered(&before);
  for (auto& [key, entry] : entries) ordered.insert_or_assign(std::move(key), std::move(entry));
  return {ordered.begin(), ordered.end()};
}

std::vector<Value> as_set(std::vector<Value> items) {
  std::ranges::sort(items, before);
  const auto doubles = std::ranges::unique(items);
  items.erase(doubles.begin(), doubles.end());
  return items;
}

}  // namespace lernd::embedded
