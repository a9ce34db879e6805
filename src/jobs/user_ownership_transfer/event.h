#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "core/job.h"

namespace lernd::user_ownership_transfer {

/// An asset that an event was sent for; both empty when it names none. Source: user-ownership-transfer.md sections 2 and 10.
struct Asset {
  bool named = false;
  std::string type;
  std::string id;
  bool operator==(const Asset&) const = default;
};

/// What the log says of an event besides whose batches go where.
struct Request {
  std::string mid;
  std::string by;       ///< id of the user who asked for it
  std::string context;  ///< why
};

/// Events in a row that all ask for the same: that the course batches of one user become another's. Source: user-ownership-transfer.md section 2.
struct Transfer : Event {
  std::string from;
  std::string to;
  std::string organisation;
  Asset asset;
  std::vector<Request> requests;
  std::string_view fault;  ///< what the event lacks; empty for nothing
};

/// Reads a record. Skips what is no JSON object, as a dead letter. An object without the ids is an event with a fault: what is skipped is logged, too.
std::expected<Transfer, Skip> read(const Record& record);

}  // namespace lernd::user_ownership_transfer
