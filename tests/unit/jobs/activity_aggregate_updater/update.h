#pragma once

#include <random>
#include <string>
#include <vector>

#include "jobs/activity_aggregate_updater/rules.h"
#include "unit/jobs/activity_aggregate_updater/model.h"
#include "unit/jobs/school.h"

namespace lernd::activity_aggregate_updater {

/// The options as they are when nothing is configured, and as the settings of the model say.
Options defaults();
Options options_of(const activity_model::Settings& settings);

ContentsFinished event(std::vector<std::string> contents, std::size_t messages = 1);

/// What became of an event: the last step, and what was asked for in each round before it.
struct Updated : RulesRun {
  /// The plan; an empty one, and a failure of the test, when there is none.
  const Plan& plan() const;
};

/// Runs the rules, and answers what they ask for, until they ask no more.
Updated update(const School& school, const Options& options, const ContentsFinished& event);

/// The enrolment of `u1` in batch `b1` of `do_1`, in the stores and back.
School school_of(const activity_model::Course& course, const activity_model::Enrolment& enrolment);
activity_model::Enrolment enrolment_in(const School& school);

/// A record as the model names it: `certificate`, `enrol-complete`, `start c1`, `complete c1`, `failed`.
std::string event_name(const std::string& body);
/// The names of the plan's records, those for the failed topic left out; and how many these are.
std::vector<std::string> event_names(const Plan& plan);
std::size_t failed_events(const Plan& plan);

/// Random situations of one learner in one course.
class Situations {
 public:
  explicit Situations(std::uint64_t seed) : random(seed) {}

  activity_model::Course course();
  activity_model::Enrolment enrolment();
  activity_model::Settings settings();
  std::vector<std::string> items(std::size_t most);
  std::uint64_t below(std::uint64_t n) { return random() % n; }

  std::mt19937_64 random;

 private:
  activity_model::Set part_of(const activity_model::Set& all);
};

}  // namespace lernd::activity_aggregate_updater
