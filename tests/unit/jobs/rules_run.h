#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/facts.h"
#include "core/job.h"
#include "core/options.h"

namespace lernd {

/// What became of an event: the last step of the rules, and what was asked for in each round before it.
struct RulesRun {
  Step step;
  std::vector<Ask> rounds;
  Facts facts;
};

/// Calls the rules, and has what they ask for answered, until they ask no more. Fails the test when they ask for nothing, or more than so many times.
RulesRun run_rules(const std::function<void(const Ask&, Facts&)>& answer, const std::function<Step(const Facts&)>& rules, std::size_t rounds_max = 10);

/// The plan that rules ended with; fails the test when there is none.
Plan plan_of(Step step);

/// Everything that a plan lets out, but for the writes: failed events, remarks (reasons in logs and headers of dead letters), names of counters.
std::string shown(const Plan& plan);

/// A record with this value.
Record record_of(std::optional<std::string> value);

/// The option of that name; fails the test when there is none.
const Option& option_named(const std::vector<Option>& table, std::string_view name);
/// The defaults of a table by name. Fails the test when an option is not explained.
std::map<std::string, std::string> defaults_in(const std::vector<Option>& table);

}  // namespace lernd
