#pragma once

#include <cstdint>
#include <string>
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

/// What one learner has done in one course: a content status per content opened.
struct Enrolment {
  std::string user_id;
  std::size_t course = 0;
  std::vector<std::pair<std::string, int>> contents;
};

/// A small made-up school. The same seed makes the same school.
struct School {
  std::vector<Course> courses;
  std::vector<Enrolment> enrolments;
  std::size_t learners = 0;
};

/// Learners, each in two or three of 5 courses, partly finished. The first learner and course are those of the documentation's sample event.
School make_school(std::uint64_t seed, std::size_t learners = 1000);

/// The relation cache and the tables of a school, as the other services of a platform would have filled them.
CacheGroup relation_sets(const Course& course, const CacheId& cache);
std::vector<RowWrite> consumption_rows(const School& school, const TableName& table);
std::vector<RowWrite> enrolment_rows(const School& school, const TableName& table);

/// The sample event of the documentation, then `count` sync requests of random enrolments.
std::vector<std::string> sync_requests(const School& school, std::size_t count, std::uint64_t seed);

}  // namespace lernd::demo
