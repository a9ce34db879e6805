#include <gtest/gtest.h>

#include <algorithm>

#include "app/job_setup.h"
#include "app/schema.h"
#include "app/services.h"

namespace lernd {
namespace {

JobSetup setup_of(const std::string& job, const std::vector<std::string>& sets = {}) {
  auto setups = set_up_jobs({.jobs = {job}, .sets = sets, .embedded = "memory"});
  EXPECT_TRUE(setups.faults.empty());
  return std::move(setups.jobs.front());
}

bool has_journal(const JobSetup& setup) {
  const auto tables = schema_needs(setup).tables;
  const auto journal = journal_table(*setup.job, setup.values);
  const bool in_schema = std::ranges::any_of(tables, [&](const auto& table) { return table.shape.name == journal; });
  EXPECT_EQ(in_schema, worker_options(*setup.job, setup.values, true).journalled);
  return in_schema;
}

TEST(WorkerOptions, AJobHasAJournalUnlessItCanBeRepeatedWithoutOne) {
  EXPECT_TRUE(has_journal(setup_of("enrolment-reconciliation")));
  EXPECT_FALSE(has_journal(setup_of("relation-cache-updater")));
}

TEST(WorkerOptions, AtLeastOnceNeedsNoJournal) { EXPECT_FALSE(has_journal(setup_of("enrolment-reconciliation", {"lernd.delivery=at-least-once"}))); }

}  // namespace
}  // namespace lernd
