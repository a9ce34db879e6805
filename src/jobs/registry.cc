#include "jobs/registry.h"

#include <algorithm>
#include <vector>

#include "jobs/activity_aggregate_updater/job.h"
#include "jobs/enrolment_reconciliation/job.h"
#include "jobs/merge_user_courses/job.h"
#include "jobs/relation_cache_updater/job.h"
#include "jobs/user_cache_updater/job.h"
#include "jobs/user_deletion_cleanup/job.h"
#include "jobs/user_ownership_transfer/job.h"

namespace lernd {

std::span<const JobDescription> all_jobs() {
  static const std::vector<JobDescription> jobs = {
      activity_aggregate_updater::description(), enrolment_reconciliation::description(), merge_user_courses::description(),
      relation_cache_updater::description(),     user_cache_updater::description(),       user_deletion_cleanup::description(),
      user_ownership_transfer::description(),
  };
  return jobs;
}

const JobDescription* find_job(std::string_view name) {
  const auto jobs = all_jobs();
  const auto found =
      std::ranges::find_if(jobs, [&](const JobDescription& job) { return job.name == name || std::ranges::find(job.aliases, name) != job.aliases.end(); });
  return found == jobs.end() ? nullptr : &*found;
}

}  // namespace lernd
