#pragma once

#include <memory>
#include <string>

#include "adapters/embedded/database.h"
#include "ports/event_log.h"

namespace lernd {

struct EmbeddedLogOptions {
  std::string topic;
  std::string group;
  /// Where to begin in a partition in which the group has no position.
  enum class Reset { earliest, latest } reset = Reset::earliest;
};

/// A group member on a topic of the file. Members may live in several threads and processes; each has its own database object.
///
/// Partitions are divided by the list of members. A member is out when it has not polled for 10 s, or when its process has ended (noticed within a second). A
/// waiting `poll` looks into the file every 5 ms.
///
/// `commit` checks in the committing transaction that every position belongs to a partition that this member owns, and that nobody else has moved it since;
/// otherwise `retry`/`fenced`, and the next poll reports the partition as revoked. After any failed commit nothing of it is left, while what other ports have
/// written stays in the open transaction, until a later commit, `TableStore::flush`, `close` or the end of the database object. A record for a topic that is
/// not there: `fatal`/`not_found`.
std::unique_ptr<EventLog> make_embedded_event_log(std::shared_ptr<EmbeddedDatabase> database, EmbeddedLogOptions options);

}  // namespace lernd
