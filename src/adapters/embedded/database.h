#pragma once

#include <memory>
#include <string>

#include "core/error.h"

namespace lernd {

namespace embedded {
class Catalog;
class SqliteConnection;
}  // namespace embedded

/// Everything `lernd` keeps without any service, in one SQLite file: tables, caches, search indices, topics, positions, answers of
/// HTTP services. One object is one connection.
///
/// Path         a file (made when it is not there, in a directory that is), or `:memory:` for a database of this object alone.
/// Transaction  all ports made from one object share its open transaction. The first write of any of them opens it; `EventLog::commit` adds outputs and
/// positions and
///              commits, so tables, journal, caches, documents, outputs and positions become visible and durable as one. `TableStore::flush` commits without
///              moving a position. Destroying the object rolls back what is open.
/// Durability   write-ahead log with `synchronous=FULL`: what was committed survives the end of the process and the loss of power.
/// Sharing      every worker, in this or another process of the same machine, opens its own object on the file. Readers never wait; writers take turns, and one
///              that waits longer than 5 s gets `retry`/`unavailable`. In memory, several ports and group members may share one object in one thread.
/// Threads      one object and all its ports belong to one thread at a time, except `EventLog::wake`.
/// Errors       one line that names the file: directory missing, not a database, of another program or version, read-only, disk full. After a full disk the
/// object
///              refuses further writes; what was committed is there when the file is opened again.
class EmbeddedDatabase {
 public:
  static Result<std::shared_ptr<EmbeddedDatabase>> open(const std::string& path);
  ~EmbeddedDatabase();
  EmbeddedDatabase(const EmbeddedDatabase&) = delete;
  EmbeddedDatabase& operator=(const EmbeddedDatabase&) = delete;

  const std::string& path() const;

  /// For the ports of this folder.
  embedded::SqliteConnection& connection() { return *connection_; }
  embedded::Catalog& catalog() { return *catalog_; }

 private:
  explicit EmbeddedDatabase(std::unique_ptr<embedded::SqliteConnection> connection);

  std::unique_ptr<embedded::SqliteConnection> connection_;
  std::unique_ptr<embedded::Catalog> catalog_;
};

}  // namespace lernd
