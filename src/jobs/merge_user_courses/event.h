#pragma once

#include <expected>
#include <string>

#include "core/job.h"

namespace lernd::merge_user_courses {

/// Two accounts of one person: what the source learned shall be the target's too. Source: merge-user-courses.md section 2.
struct MergeRequest : Event {
  std::string source_id;
  std::string target_id;
  std::string mid;  ///< empty when the message has none
};

/// Reads a record. Skips what lacks one of the two ids or names one account twice; what cannot be read ends in an error (`reject`, as a dead letter).
std::expected<MergeRequest, Skip> read(const Record& record);

}  // namespace lernd::merge_user_courses
