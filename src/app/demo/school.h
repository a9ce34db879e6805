#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/plan.h"

namespace lernd::demo {

/// One content of a course and how it is placed.
struct Content {
  std::string id;
  std::string unit_id;
  bool optional = false;
};

/// A course with units, and the one batch it is taught in.
struct Course {
  std::string id;
  std::string batch_id;
  std::string title;
  std::vector<std::string> units;
  std::vector<Content> contents;
};

/// What one account has done in one course: a content status per content opened.
struct Enrolment {
  std::string user_id;
  std::size_t course = 0;
  std::vector<std::pair<std::string, int>> contents;
};

/// Two accounts of one learner that become one.
struct Merge {
  std::string from;
  std::string to;
};

/// A small made-up school. The same seed makes the same school.
struct School {
  std::vector<Course> courses;
  std::vector<Enrolment> enrolments;
  std::vector<Merge> merges;
  std::size_t learners = 0;
};

/// Learners, each in two or three of 5 courses, partly finished. The first learner and course are those of the documentation's sample event.
///
/// One learner in twenty has gone on with a second account in one of the courses; neither account has finished that course, some learners have.
School make_school(std::uint64_t seed, std::size_t learners);

// What the other services of a platform write before any job comes: the courses, who is enrolled, and the status of every content that was opened.
std::vector<RowWrite> hierarchy_rows(const School& school, const TableName& table);
std::vector<RowWrite> enrolment_rows(const School& school, const TableName& table);
std::vector<RowWrite> consumption_rows(const School& school, const TableName& table);

}  // namespace lernd::demo
