#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "adapters/cassandra/cassandra_session.h"
#include "adapters/cassandra/cql_request.h"

namespace lernd::cassandra {

/// Many requests that travel in one call: all their cells lie in one buffer, which the driver reads where it is.
class BulkRequest {
 public:
  explicit BulkRequest(CassandraSession& session) : session_(session) {}

  /// Adds a request of at least one statement; its answer has the index `size() - 1`. After an error nothing has been added.
  /// `time` is bound where a statement wants the write time. Errors: those of preparing the statement, and values that the columns cannot hold.
  Result<void> add(std::span<const CqlStatement> statements, WriteTime time, const TableName& table);

  std::size_t size() const { return ends_.size(); }

  /// Null after a fault in the driver.
  DriverOwned<lernd_cql_answers> run() const;

  /// Has the statements of a request prepared anew at their next use.
  void forget(std::size_t request);

 private:
  struct Part {
    std::shared_ptr<const PreparedCql> prepared;
    std::size_t start = 0;  ///< of its cells
    std::size_t end = 0;
  };

  Result<std::shared_ptr<const PreparedCql>> prepared(const std::string& text, const TableName& table);
  Result<Part> encoded(const CqlStatement& statement, WriteTime time, const TableName& table);

  CassandraSession& session_;
  std::string cells_;
  std::vector<Part> parts_;
  std::vector<std::size_t> ends_;                        ///< for each request, the part behind its last
  std::vector<std::pair<std::string, Error>> failures_;  ///< of preparing: a thousand rows do not ask a thousand times
};

}  // namespace lernd::cassandra
