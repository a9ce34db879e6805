#include "adapters/redis/redis_replies.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace lernd {
namespace {

std::string_view text_of(const redisReply& reply) { return {reply.str, reply.len}; }

std::string_view first_word(std::string_view text) { return text.substr(0, text.find(' ')); }

/// Faults of the server that pass by themselves or by the hand of an operator, without a change here.
constexpr std::array<std::string_view, 10> kPassing{"LOADING", "READONLY",   "MASTERDOWN",  "OOM",      "BUSY",
                                                    "MISCONF", "NOREPLICAS", "CLUSTERDOWN", "TRYAGAIN", "EXECABORT"};

std::unexpected<Error> unexpected_reply(const RedisServer& server) {
  return fail(Treatment::retry, ErrorCode::bad_answer, fmt::format("{} sent a reply that does not belong to the command", server.name));
}

bool all_strings(const redisReply& reply) {
  return reply.type == REDIS_REPLY_ARRAY &&
         std::all_of(reply.element, reply.element + reply.elements, [](const redisReply* part) { return part->type == REDIS_REPLY_STRING; });
}

Result<CacheValue> set_of(const redisReply& reply, const RedisServer& server) {
  if (!all_strings(reply)) return unexpected_reply(server);
  CacheValue value;
  value.members.reserve(reply.elements);
  for (std::size_t i = 0; i < reply.elements; ++i) value.members.emplace_back(text_of(*reply.element[i]));
  std::ranges::sort(value.members);
  return value;
}

Result<CacheValue> hash_of(const redisReply& reply, const RedisServer& server) {
  if (!all_strings(reply) || reply.elements % 2 != 0) return unexpected_reply(server);
  CacheValue value;
  value.fields.reserve(reply.elements / 2);
  for (std::size_t i = 0; i < reply.elements; i += 2) value.fields.emplace_back(text_of(*reply.element[i]), text_of(*reply.element[i + 1]));
  std::ranges::sort(value.fields);
  return value;
}

/// The fields that were asked for by name and are there.
Result<CacheValue> fields_of(const std::vector<std::string>& names, const redisReply& reply, const RedisServer& server) {
  if (reply.type != REDIS_REPLY_ARRAY || reply.elements != names.size()) return unexpected_reply(server);
  CacheValue value;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const redisReply& part = *reply.element[i];
    if (part.type == REDIS_REPLY_NIL) continue;
    if (part.type != REDIS_REPLY_STRING) return unexpected_reply(server);
    value.fields.emplace_back(names[i], text_of(part));
  }
  std::ranges::sort(value.fields);
  return value;
}

Result<CacheValue> text_value_of(const redisReply& reply, const RedisServer& server) {
  if (reply.type == REDIS_REPLY_NIL) return CacheValue{};
  if (reply.type != REDIS_REPLY_STRING) return unexpected_reply(server);
  return CacheValue{.text = std::string(text_of(reply))};
}

}  // namespace

Error redis_error(std::string_view reply, const RedisServer& server) {
  const auto& [name, endpoint] = server;
  const auto word = first_word(reply);
  if (word == "WRONGTYPE") {
    return {Treatment::reject, ErrorCode::schema_mismatch, fmt::format("{}: the key holds another kind of value than asked for", name)};
  }
  if (std::ranges::find(kPassing, word) != kPassing.end() || reply.starts_with("ERR max number of clients")) {
    return {Treatment::retry, ErrorCode::unavailable, fmt::format("{} cannot serve now ({})", name, word)};
  }
  if (word == "NOAUTH" || word == "WRONGPASS" || reply.starts_with("ERR invalid password")) {
    return {Treatment::fatal, ErrorCode::unauthorized, fmt::format("{} refuses the password: set `lernd.{}.password`", name, endpoint)};
  }
  if (reply.starts_with("ERR AUTH") || reply.starts_with("ERR Client sent AUTH")) {
    return {Treatment::fatal, ErrorCode::unauthorized, fmt::format("{} has no password: leave out `lernd.{}.password`", name, endpoint)};
  }
  if (word == "DENIED") {
    return {Treatment::fatal, ErrorCode::unauthorized,
            fmt::format("{} is in protected mode: give it a password and set `lernd.{}.password`, or switch `protected-mode` off there", name, endpoint)};
  }
  if (word == "NOPERM") {
    return {Treatment::fatal, ErrorCode::unauthorized,
            fmt::format("{} does not let this user run the commands needed: grant +@read +@write +@transaction, or set `lernd.{}.user`", name, endpoint)};
  }
  if (reply.starts_with("ERR DB index") || reply.starts_with("ERR invalid DB index") || reply.starts_with("ERR SELECT is not allowed")) {
    return {Treatment::fatal, ErrorCode::invalid_option,
            fmt::format("{}: no database of this number there: check the options below `{}.database`", name, endpoint)};
  }
  if (word == "MOVED" || word == "ASK") {
    return {Treatment::fatal, ErrorCode::invalid_option,
            fmt::format("{} is part of a cluster, which is not supported: name another server with `{}.host`", name, endpoint)};
  }
  return {Treatment::fatal, ErrorCode::bad_answer, fmt::format("{} does not take the commands needed ({}): Redis 4 or later does", name, word)};
}

Result<CacheValue> value_of(const CacheQuery& query, const redisReply& reply, const RedisServer& server) {
  if (reply.type == REDIS_REPLY_ERROR) return std::unexpected(redis_error(text_of(reply), server));
  switch (query.kind) {
    case CacheKind::text:
      return text_value_of(reply, server);
    case CacheKind::set:
      return set_of(reply, server);
    case CacheKind::hash:
      return query.fields.empty() ? hash_of(reply, server) : fields_of(query.fields, reply, server);
  }
  return unexpected_reply(server);
}

Result<void> outcome_of_group(std::span<const RedisReply> replies, const RedisServer& server) {
  // The first error is the cause; the `EXECABORT` at the end only follows from it.
  for (const RedisReply& reply : replies) {
    if (reply->type == REDIS_REPLY_ERROR) return std::unexpected(redis_error(text_of(*reply), server));
  }
  if (replies.empty() || replies.back()->type != REDIS_REPLY_ARRAY || replies.back()->elements + 2 != replies.size()) return unexpected_reply(server);
  const redisReply& executed = *replies.back();
  for (std::size_t i = 0; i < executed.elements; ++i) {
    if (executed.element[i]->type == REDIS_REPLY_ERROR) return std::unexpected(redis_error(text_of(*executed.element[i]), server));
  }
  return {};
}

std::optional<CacheKind> kind_of(const redisReply& reply) {
  if (reply.type != REDIS_REPLY_STATUS) return std::nullopt;
  const auto name = text_of(reply);
  if (name == "string") return CacheKind::text;
  if (name == "set") return CacheKind::set;
  if (name == "hash") return CacheKind::hash;
  return std::nullopt;
}

std::optional<std::vector<std::string>> scanned_keys(const redisReply& reply, std::string& cursor) {
  if (reply.type != REDIS_REPLY_ARRAY || reply.elements != 2) return std::nullopt;
  if (reply.element[0]->type != REDIS_REPLY_STRING || !all_strings(*reply.element[1])) return std::nullopt;
  cursor = text_of(*reply.element[0]);
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < reply.element[1]->elements; ++i) keys.emplace_back(text_of(*reply.element[1]->element[i]));
  return keys;
}

}  // namespace lernd
