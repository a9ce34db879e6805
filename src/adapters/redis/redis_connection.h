#pragma once

#include <hiredis/hiredis.h>

#include <memory>
#include <string>
#include <string_view>

#include "adapters/redis/redis_cache.h"
#include "adapters/redis/redis_replies.h"

namespace lernd {

/// A connection to one database of a server: authenticated, database selected, timeouts set.
///
/// After an error of `send` or `reply` the connection is in an unknown state: the owner destroys it. Not thread-safe.
class RedisConnection {
 public:
  /// Errors  `retry` (no connection, timed out, server not ready), `fatal` (password, database number).
  static Result<RedisConnection> open(const CacheId& id, const RedisEndpoint& endpoint, const RedisOptions& options);

  const RedisServer& server() const { return server_; }

  /// True when something arrived that no command asked for, which is how the end of an idle connection shows. Costs one system call, no round trip.
  bool stale() const;

  Result<void> send(std::string_view bytes);
  /// The next reply in the order of the commands, whatever it says.
  Result<RedisReply> reply();

 private:
  struct Close {
    void operator()(redisContext* context) const { redisFree(context); }
  };
  using Context = std::unique_ptr<redisContext, Close>;

  RedisConnection(Context context, RedisServer server) : context_(std::move(context)), server_(std::move(server)) {}
  Result<void> prepare(const RedisEndpoint& endpoint, int database);

  Context context_;
  RedisServer server_;
};

}  // namespace lernd
