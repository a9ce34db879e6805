#include "jobs/enrolment_reconciliation/options.h"

#include <iterator>

namespace lernd::enrolment_reconciliation {

std::vector<Option> option_table() {
  using Role = Option::Role;
  std::vector<Option> options = {
      {.name = "kafka.input.topic", .default_value = "{env}.batch.enrolment.sync.request", .doc = "Topic of the sync requests.", .role = Role::topic},
      {.name = "kafka.groupId",
       .default_value = "{env}-enrolment-reconciliation-group",
       .doc = "Consumer group. Give it the name the Flink job had, and work goes on where that job stopped.",
       .role = Role::group},
      {.name = "kafka.output.failed.topic",
       .default_value = "{env}.enrolment.reconciliation.failed",
       .doc = "Topic of the failed events: enrolments that could not be computed.",
       .role = Role::topic},
  };
  std::ranges::move(course_progress::common_options(), std::back_inserter(options));
  for (const auto* name : {"task.enrolment.reconciliation.parallelism", "task.enrolment.complete.parallelism"}) {
    options.push_back(course_progress::ignored_option(name));
  }
  return options;
}

}  // namespace lernd::enrolment_reconciliation
