#pragma once

#include <functional>
#include <map>
#include <optional>
#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "core/facts.h"
#include "core/job.h"
#include "core/plan_json.h"
#include "jobs/course_progress/enrolment_key.h"
#include "unit/jobs/rules_run.h"

namespace lernd {

using Ids = std::vector<std::string>;

/// What the stores and the search service hold, in plain containers, and the answers they give. Knows the deployed names and nothing of the rules.
class School {
 public:
  using Row = std::map<std::string, Value>;

  std::map<std::string, std::vector<Row>> tables;  ///< by name, in keyspace `sunbird_courses`
  std::map<std::string, Ids> sets;                 ///< of Redis database 10
  std::map<std::string, std::string> texts;        ///< of any other Redis database
  std::map<std::string, HttpAnswer> search;        ///< by collection id

  /// Adds the answers to `ask` to `facts`.
  void answer(const Ask& ask, Facts& facts) const;
  /// Carries the writes of a plan out.
  void apply(const Plan& plan);
  /// Brings all rows into another order, as no store promises one across partitions.
  void shuffle(std::mt19937_64& random);

 private:
  Rows rows(const RowsQuery& query) const;
  HttpAnswer call(const HttpQuery& query) const;
  void apply(const RowWrite& write);
  void apply(const CacheWrite& write);
  void apply(const DocumentWrite& write);
};

/// The rules with the answers of a school.
RulesRun run_rules(const School& school, const std::function<Step(const Facts&)>& rules);

/// A course as relation-cache-updater leaves it in Redis, and as the search service knows it.
class Course {
 public:
  explicit Course(std::string id) : id_(std::move(id)) {}

  Course leaf_nodes(Ids ids) const { return with_set(id_, "leafnodes", std::move(ids)); }
  Course optional_nodes(Ids ids) const { return with_set(id_, "optionalnodes", std::move(ids)); }
  /// A unit with its leaf contents; these have it, and the course, among their ancestors.
  Course unit(const std::string& unit, const Ids& contents) const;
  /// The same for a unit whose leaf set is not there.
  Course unit_without_leaf_set(const std::string& unit, const Ids& contents) const;
  Course unit_optional_nodes(const std::string& unit, Ids ids) const { return with_set(unit, "optionalnodes", std::move(ids)); }
  /// What the search service says of the course.
  Course known_as(const std::string& status) const;
  Course search_answers(int status, std::string body) const;

  const std::string& id() const { return id_; }

 private:
  friend class Learner;
  Course with_set(const std::string& node, const std::string& kind, Ids ids) const;

  std::string id_;
  School school_;
};

inline Course course(std::string id) { return Course(std::move(id)); }

/// A learner in batch `b1` of a course.
class Learner {
 public:
  explicit Learner(std::string id) : id_(std::move(id)) {}

  Learner finished(const Ids& contents) const { return with(contents, 2); }
  Learner started(const Ids& contents) const { return with(contents, 1); }
  Learner listed(const Ids& contents) const { return with(contents, 0); }
  /// Contents whose status is null.
  Learner opened(const Ids& contents) const { return with(contents, Value()); }
  /// An enrolment in this status.
  Learner enrolled(Value status = 1) const;
  School in(const Course& course) const;

 private:
  Learner with(const Ids& contents, Value status) const;

  std::string id_;
  std::vector<std::pair<std::string, Value>> contents_;
  std::optional<Value> enrolment_;
};

inline Learner learner(std::string id) { return Learner(std::move(id)); }

inline course_progress::EnrolmentKey enrolment_of(std::string user, std::string course) { return {std::move(user), std::move(course), "b1"}; }

/// The time and ids of all tests here.
inline Stamp stamp() { return {.now = {1700000000000}, .seed = {1, 2}}; }

/// The names of counters with their values, for comparison with what a test expects.
std::map<std::string, std::uint64_t> counts_in(const Counts& counts);

/// Plans in failure messages read as `lernd plan` shows them.
inline void PrintTo(const Plan& plan, std::ostream* out) {
  *out << "\n" << describe(plan, "  ");
  for (const auto& [name, n] : plan.counts.all()) *out << "  " << name << " + " << n << "\n";
}

}  // namespace lernd
