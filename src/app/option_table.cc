#include "app/option_table.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "app/resolve.h"
#include "app/runtime_options.h"
#include "core/edit_distance.h"

namespace lernd {

OptionTable::OptionTable(std::vector<Option> options) : options_(std::move(options)) {
  for (std::size_t i = 0; i < options_.size(); ++i) {
    by_name_.emplace(options_[i].name, i);
    for (const auto& alias : options_[i].aliases) by_name_.emplace(alias, i);
  }
}

const Option* OptionTable::find(std::string_view key) const {
  if (const auto found = by_name_.find(key); found != by_name_.end()) return &options_[found->second];
  const Option* best = nullptr;
  for (const auto& option : options_) {
    if (!option.name.ends_with('*')) continue;
    const auto start = std::string_view(option.name).substr(0, option.name.size() - 1);
    if (key.starts_with(start) && key.size() > start.size() && (best == nullptr || best->name.size() < option.name.size())) best = &option;
  }
  return best;
}

std::string OptionTable::nearest(std::string_view key) const {
  std::vector<std::string> names;
  for (const auto& [name, index] : by_name_) {
    if (options_[index].role != Option::Role::ignored && !name.ends_with('*')) names.push_back(name);
  }
  return nearest_name(key, names);
}

OptionTable options_for(const JobDescription& job) {
  std::vector<Option> all = job.options;
  const auto add = [&all](std::vector<Option> more) { all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end())); };
  add(runtime_options(job.batch_records));
  if (!job.indices.empty()) add(search_options());
  add(ignored_options());
  // Which cache servers there are does not depend on the values, so the defaults are good enough to ask.
  const OptionValues defaults = resolve_options(OptionTable(all), {}).values;
  std::set<std::string> endpoints;
  for (const auto& cache : job.caches(defaults)) endpoints.insert(cache.endpoint);
  for (const auto& endpoint : endpoints) add(credential_options(endpoint));
  return OptionTable(std::move(all));
}

}  // namespace lernd
