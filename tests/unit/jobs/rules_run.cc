#include "unit/jobs/rules_run.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace lernd {

RulesRun run_rules(const std::function<void(const Ask&, Facts&)>& answer, const std::function<Step(const Facts&)>& rules, std::size_t rounds_max) {
  RulesRun run;
  while (true) {
    run.step = rules(run.facts);
    Ask* ask = std::get_if<Ask>(&run.step);
    if (ask == nullptr) return run;
    EXPECT_TRUE(ask->pending()) << "an ask for nothing would be asked for ever";
    if (!ask->pending() || run.rounds.size() == rounds_max) {
      ADD_FAILURE() << "the rules do not come to an end";
      return run;
    }
    answer(*ask, run.facts);
    run.rounds.push_back(std::move(*ask));
  }
}

Plan plan_of(Step step) {
  Plan* plan = std::get_if<Plan>(&step);
  if (plan != nullptr) return std::move(*plan);
  ADD_FAILURE() << "no plan";
  return {};
}

std::string shown(const Plan& plan) {
  std::string text;
  for (const OutputRecord& output : plan.outputs) text += output.key.value_or("") + output.value.value_or("");
  for (const Remark& remark : plan.remarks) text += remark.what + remark.about;
  for (const auto& [name, n] : plan.counts.all()) text += name;
  return text;
}

Record record_of(std::optional<std::string> value) { return {.offset = {1}, .time = {}, .key = {}, .value = std::move(value), .headers = {}}; }

const Option& option_named(const std::vector<Option>& table, std::string_view name) {
  static const Option kNone;
  const auto found = std::ranges::find(table, name, &Option::name);
  EXPECT_NE(found, table.end()) << name;
  return found == table.end() ? kNone : *found;
}

std::map<std::string, std::string> defaults_in(const std::vector<Option>& table) {
  std::map<std::string, std::string> defaults;
  for (const Option& option : table) {
    defaults[option.name] = option.default_value;
    EXPECT_FALSE(option.doc.empty()) << option.name;
  }
  return defaults;
}

}  // namespace lernd
