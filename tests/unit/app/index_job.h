#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "app/job_setup.h"
#include "jobs/registry.h"

namespace lernd {

/// A job that needs a search index and nothing else. Topics are not looked at: the option of the brokers counts as faulty.
struct IndexJob {
  explicit IndexJob(const std::map<std::string, std::string>& set = {}) {
    auto resolved = resolve_options(setup.table, {.set = set});
    EXPECT_TRUE(resolved.faults.empty());
    setup.values = std::move(resolved.values);
    setup.faulty = {"kafka.broker-servers"};
  }

  JobDescription job = [] {
    JobDescription description = *find_job("relation-cache-updater");
    description.tables = [](const OptionValues&) { return std::vector<TableUse>(); };
    description.caches = [](const OptionValues&) { return std::vector<CacheId>(); };
    description.indices = {"course-batch"};
    return description;
  }();
  JobSetup setup{.job = &job, .table = options_for(job), .values = {}, .where = {}, .faulty = {}};
};

}  // namespace lernd
