#pragma once

#include <expected>
#include <string>
#include <vector>

#include "core/job.h"

namespace lernd::user_deletion_cleanup {

/// A user who was deleted, and the profiles he managed. Source: user-deletion-cleanup.md section 1.
struct Deletion : Event {
  std::string user_id;
  std::string organisation;          ///< empty when the event has none
  std::vector<std::string> managed;  ///< ids, each once
};

/// Reads a record. Skips what is no JSON object, as a dead letter, and what has no id of a user that the user service could be asked about.
std::expected<Deletion, Skip> read(const Record& record);

}  // namespace lernd::user_deletion_cleanup
