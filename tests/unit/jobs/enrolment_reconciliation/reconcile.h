#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "jobs/enrolment_reconciliation/rules.h"
#include "unit/jobs/school.h"

namespace lernd::enrolment_reconciliation {

/// What became of a request: the last step, and what was asked for in each round before it.
struct Reconciled : RulesRun {
  /// The plan; an empty one, and a failure of the test, when there is none.
  const Plan& plan() const;
  /// The reject; likewise.
  const Reject& reject() const;
};

/// The options as they are when nothing is configured.
Options defaults();

SyncRequest request(std::string user = "u1", std::string course = "do_1", std::size_t messages = 1);

/// Runs the rules, and answers what they ask for, until they ask no more.
Reconciled reconcile(const School& school, const Options& options = defaults(), const SyncRequest& asked = request());

/// The plan's aggregates by activity id. Fails the test for a row of another shape than statement Q2 for `u1` in `b1`.
std::map<std::string, double> aggregates(const Plan& plan);

/// The columns the plan sets in the enrolment of `u1` in `do_1`; nothing when it leaves it alone.
std::optional<School::Row> enrolment(const Plan& plan);

/// The topics of the plan's records, in order.
std::vector<std::string> topics(const Plan& plan);

}  // namespace lernd::enrolment_reconciliation
