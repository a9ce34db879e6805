#pragma once

#include <hiredis/hiredis.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ask.h"
#include "core/error.h"

namespace lernd {

struct RedisReplyDeleter {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using RedisReply = std::unique_ptr<redisReply, RedisReplyDeleter>;

/// Who sent a reply, for the texts of errors.
struct RedisServer {
  std::string name;      ///< `redis at host:port, database n`
  std::string endpoint;  ///< CacheId::endpoint: the options about the server stand below this name
};

/// The error that a reply of the server stands for. Of the reply only its leading word gets into the text, for the rest may quote keys and values.
///
/// Only `reject` concerns the one key; everything else is about the server or the connection.
Error redis_error(std::string_view reply, const RedisServer& server);

/// The value asked for out of the reply to its read, sorted.
Result<CacheValue> value_of(const CacheQuery& query, const redisReply& reply, const RedisServer& server);

/// What became of a group, out of the replies to its transaction. `reject` when a key to put fields into is not a hash.
Result<void> outcome_of_group(std::span<const RedisReply> replies, const RedisServer& server);

/// The kind that the reply to `TYPE` names; absent for a missing key and for kinds without a name here.
std::optional<CacheKind> kind_of(const redisReply& reply);

/// The keys in a reply to `SCAN`; `cursor` becomes the one to go on with. Absent when it is another reply.
std::optional<std::vector<std::string>> scanned_keys(const redisReply& reply, std::string& cursor);

}  // namespace lernd
