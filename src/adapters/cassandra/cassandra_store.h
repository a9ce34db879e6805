#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "core/error.h"
#include "ports/table_store.h"

namespace lernd {

/// How to reach a Cassandra cluster (or one that speaks its protocol, such as YCQL).
struct CassandraOptions {
  std::vector<std::string> hosts;  ///< contact points, `host` or `host:port`; at least one
  int port = 9042;                 ///< for contact points that name none
  std::string user;                ///< empty: no authentication
  std::string password;
  std::string local_datacenter;          ///< empty: no preference. Nodes of other data centres are never asked.
  bool prefer_local_datacenter = false;  ///< the data centre of the contact point, when `local_datacenter` is empty (lms-cassandra.isMultiDCEnabled)
  bool tls = false;
  std::string tls_ca_file;      ///< PEM; empty: the authorities of the system
  std::string tls_cert_file;    ///< PEM, the chain of the client; empty: none
  std::string tls_key_file;     ///< PEM
  bool tls_verify_host = true;  ///< a node's certificate must name its IP address. False: any certificate of the authority will do.
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds request_timeout{12000};  ///< for each request and each page, not counting the wait for its turn
  int requests_in_flight_max = 256;                  ///< per session, over all threads
  int page_rows = 5000;
  std::string consistency;  ///< of reads and writes, as CQL spells it; empty: LOCAL_QUORUM
  int io_threads = 1;
};

/// Connections to one cluster, and the statements prepared there. Shared by all workers of the process; thread-safe.
///
/// A server that went away is found again without a new session, about a second after it is back.
class CassandraSession;

/// Connects, or says why not: `retry` when no contact point answers within `connect_timeout` (plus `request_timeout` for what is asked at first), `fatal` when
/// an option cannot be right (user, password, certificate, data centre). Texts name the option.
Result<std::shared_ptr<CassandraSession>> connect_cassandra(const CassandraOptions& options);

/// A store of one worker. All reads and writes are made with the consistency of the session, conditional inserts with LOCAL_SERIAL. Nothing is retried in here.
///
/// A group of one row is a plain statement, a larger one a logged batch. Every write carries its write time (`USING TIMESTAMP`).
/// When a table is dropped and made anew with other types while the process runs, its statements fail as `fatal` (schema_mismatch) instead of writing bytes of
/// the old type; a change made by somebody else is noticed within seconds.
std::unique_ptr<TableStore> make_cassandra_store(std::shared_ptr<CassandraSession> session);

}  // namespace lernd
