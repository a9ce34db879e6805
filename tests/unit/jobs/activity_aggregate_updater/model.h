#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// The algorithm of activity-aggregate-updater.md once more, in plain containers: every window reads what the one before it wrote. Uses no code of the job.
namespace lernd::activity_model {

using Set = std::set<std::string>;

/// What is cached of a course. A set that is empty is not there.
struct Course {
  std::map<std::string, Set> leaf, optional, ancestors;  // by collection, by collection, by content
  std::string search = "Live";                           // `down`, `nothing`, or a status
  bool operator==(const Course&) const = default;
};

struct Content {
  std::optional<int> status;
  std::optional<int> views, completions;
  bool operator==(const Content&) const = default;
};

/// The row of an enrolment, as far as the job has to do with it.
struct EnrolmentRow {
  std::optional<int> status;
  std::optional<int> progress;
  std::map<std::string, int> contents;
  bool completed_on = false;
  bool operator==(const EnrolmentRow&) const = default;
};

/// Everything that belongs to one learner in one course batch.
struct Enrolment {
  std::map<std::string, Content> contents;
  std::optional<EnrolmentRow> row;
  std::map<std::string, double> aggregates;  // by course or unit
  Set fingerprints;                          // the contents that have one
  bool operator==(const Enrolment&) const = default;
};

struct Settings {
  bool optional = true, units = true, filter = true, dedup = true;
  std::size_t window = 1;
  std::size_t group_rows = 10;
};

/// What one event comes to.
struct Outcome {
  bool rejected = false;            ///< the course is not there: nothing is changed
  std::vector<std::string> events;  ///< `certificate`, `enrol-complete`, `start c1`, `complete c1`, in order; `failed` is not among them
  std::size_t failed = 0;           ///< failed events
  std::map<std::string, std::uint64_t> counts;
  bool operator==(const Outcome&) const = default;
};

class Model {
 public:
  Model(const Course& course, const Settings& settings) : course_(course), settings_(settings) {}

  /// Takes items that wait together, from `messages` records, and changes the enrolment.
  Outcome take(Enrolment& enrolment, const std::vector<std::string>& items, std::size_t messages = 1);

 private:
  bool window(const std::vector<std::string>& items);
  void bring_up_to_date(const Set& required, const Set& done, const std::map<std::string, int>& statuses);
  Set look_up(const std::map<std::string, Set>& sets, const std::string& id);
  Set required_of(const std::string& collection, bool is_course);
  void count(const std::string& name, std::uint64_t n = 1);
  void count_groups(std::size_t rows) { count("db-update-count", (rows + settings_.group_rows - 1) / settings_.group_rows); }

  const Course& course_;
  const Settings& settings_;
  Enrolment* it_ = nullptr;
  Outcome out_;
};

}  // namespace lernd::activity_model
