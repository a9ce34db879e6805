#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "ports/cache.h"

namespace lernd {

/// A Redis server. Without a password no AUTH is sent; with a user the ACL form of it (Redis 6 and later).
struct RedisEndpoint {
  std::string host = "localhost";
  int port = 6379;
  std::string user;
  std::string password;
};

struct RedisOptions {
  std::map<std::string, RedisEndpoint> endpoints;  ///< by CacheId::endpoint
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds request_timeout{10000};  ///< longest wait for the next bytes of an answer
  int pipeline_max = 512;                            ///< commands sent before answers are awaited; a group is never divided
};

/// A cache on Redis servers, version 4 or later, not clustered.
///
/// One connection for every database in use, opened when it is first needed. A connection that breaks, times out or answers something else than expected is
/// closed and opened anew by the next call; what it had not answered yet fails with `retry`. One that the server closed while it was idle is noticed before it
/// is used. After such a failure a write may have been carried out or not: writes are by value, so the caller repeats them.
///
/// Every group is one `MULTI` … `EXEC`, on one database. A `put_fields` over a key that is not a hash costs a second transaction; until it is done, readers see
/// the former value of that key beside the group's other writes. A `put_fields` without expiry takes away an expiry the key had.
///
/// `keys` leaves out what no write makes (lists, sorted sets, streams).
///
/// Threads     as the port says; the object holds no thread.
/// Errors      as the port says. `unauthorized` and `invalid_option` name the option that mends them. Texts hold server and database, never a key or a value.
/// Difference  No TLS: the client library of this version has none. Put a local TLS proxy in front of the server where the way to it is not trusted.
std::unique_ptr<Cache> make_redis_cache(RedisOptions options);

}  // namespace lernd
