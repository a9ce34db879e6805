#include "core/options.h"

#include <algorithm>
#include <cassert>
#include <charconv>

namespace lernd {
namespace {

template <class Number>
Number parsed(const std::string& text) {
  Number number{};
  [[maybe_unused]] const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  assert(end.ec == std::errc() && "options are checked when they are resolved");
  return number;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

const std::string& OptionValues::text(std::string_view name) const {
  const auto found = values_.find(name);
  assert(found != values_.end() && "an option that no table has");
  return found->second;
}

std::int64_t OptionValues::integer(std::string_view name) const { return parsed<std::int64_t>(text(name)); }
double OptionValues::number(std::string_view name) const { return parsed<double>(text(name)); }
bool OptionValues::boolean(std::string_view name) const { return text(name) == "true"; }

std::vector<std::string> OptionValues::list(std::string_view name) const {
  std::vector<std::string> items;
  std::string_view rest = text(name);
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    if (const auto item = trimmed(rest.substr(0, comma)); !item.empty()) items.emplace_back(item);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return items;
}

std::map<std::string, std::string> OptionValues::below(std::string_view prefix) const {
  std::map<std::string, std::string> found;
  const std::string start = std::string(prefix) + ".";
  for (auto at = values_.lower_bound(start); at != values_.end() && at->first.starts_with(start); ++at)
    found.emplace(at->first.substr(start.size()), at->second);
  return found;
}

OptionValues default_values(const std::vector<Option>& options) {
  OptionValues values;
  for (const Option& option : options) values.set(option.name, option.default_value);
  return values;
}

}  // namespace lernd
