#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <vector>

#include "core/job.h"
#include "jobs/course_progress/enrolment_key.h"

namespace lernd::activity_aggregate_updater {

/// The news that a learner finished contents of a course. Source: activity-aggregate-updater.md section 3.
struct ContentsFinished : Event {
  course_progress::EnrolmentKey enrolment;
  std::vector<std::string> contents;  ///< their ids, one for each item, in the order they came; not empty
  std::size_t messages = 1;           ///< how many records told so, folded into one
};

/// Reads a record. Skips what is not JSON (as a dead letter), what carries another action, what lacks one of the three ids, and what has no finished content.
std::expected<ContentsFinished, Skip> read(const Record& record);

}  // namespace lernd::activity_aggregate_updater
