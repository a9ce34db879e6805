#pragma once

#include <memory>

#include "adapters/cassandra/cassandra_store.h"
#include "ports/table_scan.h"

namespace lernd {

/// Scans tables over a session, with its page size, time-out and consistency. Nothing is retried in here.
///
/// Threads  any number at once.
std::unique_ptr<TableScan> make_cassandra_scan(std::shared_ptr<CassandraSession> session);

}  // namespace lernd
