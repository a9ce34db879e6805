#include "unit/jobs/enrolment_reconciliation/reconcile.h"

#include <gtest/gtest.h>

namespace lernd::enrolment_reconciliation {
namespace {

template <class Wanted>
const Wanted& wanted(const Step& step, const char* what) {
  static const Wanted kNone{};
  const Wanted* found = std::get_if<Wanted>(&step);
  if (found == nullptr) ADD_FAILURE() << "the rules did not come to a " << what << (step.index() == 2 ? ": " + std::get<Reject>(step).error.text : "");
  return found == nullptr ? kNone : *found;
}

std::vector<RowWrite> rows_of(const Plan& plan, const std::string& table) {
  std::vector<RowWrite> rows;
  for (const WriteStage& stage : plan.stages) {
    for (const WriteGroup& group : stage) {
      for (const RowWrite& write : std::get<RowGroup>(group)) {
        if (write.table == TableName{"sunbird_courses", table}) rows.push_back(write);
      }
    }
  }
  return rows;
}

}  // namespace

const Plan& Reconciled::plan() const { return wanted<Plan>(step, "plan"); }
const Reject& Reconciled::reject() const { return wanted<Reject>(step, "reject"); }

Options defaults() {
  OptionValues values = default_values(option_table());
  Options options = options_from(values);
  options.failed_topic = "failed";
  options.certificate_topic = "certificates";
  options.audit_topic = "audit";
  return options;
}

SyncRequest request(std::string user, std::string course, std::size_t messages) {
  SyncRequest request;
  request.enrolment = enrolment_of(std::move(user), std::move(course));
  request.messages = messages;
  return request;
}

Reconciled reconcile(const School& school, const Options& options, const SyncRequest& asked) {
  return {run_rules(school, [&](const Facts& facts) { return advance(asked, facts, options, stamp()); })};
}

std::map<std::string, double> aggregates(const Plan& plan) {
  std::map<std::string, double> counts;
  for (const RowWrite& row : rows_of(plan, "user_activity_agg")) {
    if (row.key.size() != 4 || row.set.size() != 2 || row.set[0].value.map() == nullptr || row.set[0].value.map()->entries.size() != 1) {
      ADD_FAILURE() << "not the shape of an aggregate";
      continue;
    }
    const Value& activity = row.key[1].value;
    const Value& count = row.set[0].value.map()->entries[0].second;
    EXPECT_EQ(row, (RowWrite{.kind = RowWrite::Kind::update,
                             .table = {"sunbird_courses", "user_activity_agg"},
                             .key = {{"activity_type", "Course"}, {"activity_id", activity}, {"user_id", "u1"}, {"context_id", "cb:b1"}},
                             .set = {{"aggregates", ValueMap{{{"completedCount", count}}}, Assignment::Mode::merge},
                                     {"agg_last_updated", ValueMap{{{"completedCount", stamp().now}}}, Assignment::Mode::merge}}}));
    const double* number = std::get_if<double>(&count.form);
    EXPECT_NE(number, nullptr) << "aggregates are doubles";
    const bool first = counts.emplace(*activity.text(), number == nullptr ? -1 : *number).second;
    EXPECT_TRUE(first) << "written twice: " << *activity.text();
  }
  return counts;
}

std::optional<School::Row> enrolment(const Plan& plan) {
  const auto rows = rows_of(plan, "user_enrolments");
  if (rows.empty()) return std::nullopt;
  EXPECT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].kind, RowWrite::Kind::update);
  EXPECT_EQ(rows[0].key, (std::vector<Cell>{{"userid", "u1"}, {"courseid", "do_1"}, {"batchid", "b1"}}));
  School::Row set;
  for (const Assignment& assignment : rows[0].set) {
    EXPECT_EQ(assignment.mode, Assignment::Mode::replace) << assignment.column;
    set.emplace(assignment.column, assignment.value);
  }
  return set;
}

std::vector<std::string> topics(const Plan& plan) {
  std::vector<std::string> topics;
  for (const OutputRecord& record : plan.outputs) {
    EXPECT_TRUE(!record.key && record.headers.empty()) << "produced records have no key and no headers";
    topics.push_back(record.topic);
  }
  return topics;
}

}  // namespace lernd::enrolment_reconciliation
