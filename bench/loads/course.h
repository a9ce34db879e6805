#pragma once

#include <string>
#include <vector>

#include "load.h"

namespace lernd::bench {

/// A course of units, with the one batch it is taught in. Content i belongs to unit i modulo the number of units.
struct Course {
  std::string id;
  std::string batch_id;
  std::vector<std::string> units;
  std::vector<std::string> contents;

  const std::string& unit_of(std::size_t content) const { return units[content % units.size()]; }
};

/// Ids are as long as those of a platform and tell runs apart: Redis keeps what a run leaves behind.
Course make_course(const Size& size, std::uint32_t run, std::size_t number = 0);

/// The sets that relation-cache-updater makes of a course without optional contents.
std::vector<CacheWrite> relation_sets(const Course& course, const CacheId& cache);

/// A learner's way through a course: whether each content is finished, in the order of the contents.
struct Enrolment {
  std::string user_id;
  std::vector<bool> finished;

  std::size_t finished_count() const;
};

/// The tables of course progress under the names that enrolment-reconciliation and activity-aggregate-updater have in their options.
class ProgressRows {
 public:
  ProgressRows(const Course& course, const OptionValues& values);

  /// The content rows with these counts, and the enrolment, as the course service writes them.
  std::vector<RowWrite> stock(const Enrolment& enrolment, int count) const;

  RowsQuery contents_query(const Enrolment& enrolment, std::vector<std::string> columns) const;
  /// The aggregates of the course and its units, and the enrolment: what both jobs leave behind.
  void append_findings(const Enrolment& enrolment, Findings& findings) const;

 private:
  std::vector<Cell> key_of(const Enrolment& enrolment) const;

  const Course& course_;
  TableName consumption_;
  TableName aggregates_;
  TableName enrolments_;
};

}  // namespace lernd::bench
