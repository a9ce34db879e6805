#pragma once

#include <span>
#include <string>
#include <vector>

#include "app/job_setup.h"
#include "app/services.h"
#include "core/job.h"

namespace lernd {

/// What a record would come to: the plan, or why there is none.
struct DryOutcome {
  Offset offset;
  std::optional<Error> error;  ///< skipped or rejected
  Plan plan;                   ///< of a rejected record: what it leaves behind
};

/// Decides each record by itself against what the services hold now, and changes nothing. A record that depends on the effects of one before it is shown as if
/// that one had not come.
Result<std::vector<DryOutcome>> dry_run(const JobSetup& setup, Services& services, std::span<const Record> records);

/// One outcome as a JSON object on one line, or as text for people.
std::string dry_json(const DryOutcome& outcome);
std::string dry_text(const DryOutcome& outcome);

}  // namespace lernd
