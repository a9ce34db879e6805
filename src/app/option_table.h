#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/job_description.h"
#include "core/options.h"

namespace lernd {

/// The options of one job together with the program's own, found by name, by alias, or by a name that ends in `*` and so stands for a family.
class OptionTable {
 public:
  explicit OptionTable(std::vector<Option> options);
  OptionTable(OptionTable&&) = default;
  OptionTable& operator=(OptionTable&&) = default;

  /// Null when no option goes by this key.
  const Option* find(std::string_view key) const;
  /// The known name most like this one; empty when none is.
  std::string nearest(std::string_view key) const;
  std::span<const Option> all() const { return options_; }

 private:
  std::vector<Option> options_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
};

/// All options that have a meaning when this job runs.
OptionTable options_for(const JobDescription& job);

}  // namespace lernd
