#include "jobs/enrolment_reconciliation/options.h"

#include <iterator>

#include "jobs/option_rows.h"

namespace lernd::enrolment_reconciliation {

std::vector<Option> option_table() {
  using Role = Option::Role;
  std::vector<Option> options = {
      input_topic_option("{env}.batch.enrolment.sync.request", "Topic of the sync requests."),
      group_option("{env}-enrolment-reconciliation-group"),
      {.name = "kafka.output.failed.topic",
       .default_value = "{env}.enrolment.reconciliation.failed",
       .doc = "Topic of the failed events: enrolments that could not be computed.",
       .role = Role::topic},
  };
  std::ranges::move(course_progress::common_options(), std::back_inserter(options));
  for (const auto* name : {"task.enrolment.reconciliation.parallelism", "task.enrolment.complete.parallelism"}) {
    options.push_back(ignored_option(name));
  }
  return options;
}

}  // namespace lernd::enrolment_reconciliation
