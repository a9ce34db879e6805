#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace lernd::family {

/// A content of a course, in one or two of its collections.
struct Content {
  std::string id;
  std::vector<std::size_t> places;  ///< indexes of `Course::collections`
  bool optional = false;
};

/// The course itself (index 0), or a unit in it.
struct Collection {
  std::string id;
  std::size_t parent = 0;
};

struct Course {
  std::string id;
  std::string batch;
  std::vector<Collection> collections;
  std::vector<Content> contents;

  /// The tree as the content service stores it.
  std::string hierarchy() const;
};

struct ContentRow {
  std::optional<int> status;
  std::optional<int> views;
  std::optional<int> completions;
  bool operator==(const ContentRow&) const = default;
};

struct Enrolment {
  int status = 0;
  std::optional<int> progress;
  std::map<std::string, int> contents;
  bool completed_on = false;
  bool operator==(const Enrolment&) const = default;
};

/// User, course, batch.
using Enrolled = std::tuple<std::string, std::string, std::string>;

/// Everything the four jobs change, in plain containers, and what each event does to it: the specifications of the jobs said once more, without any of their
/// code.
struct State {
  std::map<std::string, std::set<std::string>> sets;  ///< of the relation cache, by key
  std::map<Enrolled, std::map<std::string, ContentRow>> contents;
  std::map<Enrolled, Enrolment> enrolments;
  std::map<std::tuple<std::string, std::string, std::string>, double> aggregates;  ///< activity, user, context → completedCount
  std::multiset<Enrolled> certificates;
  std::multiset<std::tuple<std::string, std::string>> audits;  ///< type, user (and content)
  std::multiset<Enrolled> syncs;                               ///< requests that merges sent to reconciliation

  void publish(const Course& course);
  void progress(const Course& course, const std::string& user, const std::vector<std::string>& finished);
  void merge(const std::map<std::string, const Course*>& courses, const std::string& from, const std::string& to, const std::string& mid);
  void reconcile(const Course& course, const std::string& user);

  /// Takes in what another history holds; ids of histories never meet.
  void add(const State& other);

 private:
  /// Finished, and all that must be, of the contents below a collection.
  std::pair<int, int> done_of_all(const Course& course, const std::string& collection, const std::map<std::string, ContentRow>& rows) const;
  std::set<Enrolled> merged_;  ///< mid, from, to
  std::set<std::tuple<Enrolled, std::string>> counted_;
};

/// What differs, a line each, at most a few of each kind; empty when nothing does.
std::string difference(const State& found, const State& expected);

/// A record for the input topic of a job.
struct Message {
  std::string job;
  std::string value;
};

/// One school's life: courses, learners with one to three accounts, what they do, and which accounts become one. All ids begin with its name.
class History {
 public:
  History(std::string name, std::mt19937_64& random);

  /// The rows that the services around the jobs have written before the first event, as the model holds them.
  const State& start() const { return start_; }
  const std::vector<Course>& courses() const { return courses_; }

  /// The messages of a phase, in an order in which those of one learner stay as they are, some of them doubled; the model is taken along. Phases follow one
  /// another: what one has sent is done before the next begins.
  static constexpr int kPhases = 6;
  std::vector<Message> phase(int number, State& model, std::mt19937_64& random);

 private:
  struct Account {
    std::string id;
    std::map<std::size_t, std::vector<std::string>> finished;  ///< by course
  };

  std::string message(const char* action, nlohmann::json edata);

  std::string name_;
  std::vector<Course> courses_;
  std::vector<std::vector<Account>> people_;
  State start_;
  int messages_ = 0;
};

}  // namespace lernd::family
