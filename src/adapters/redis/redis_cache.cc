#include "adapters/redis/redis_cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ranges>
#include <set>
#include <utility>
#include <vector>

#include "adapters/redis/redis_commands.h"
#include "adapters/redis/redis_connection.h"
#include "adapters/redis/redis_replies.h"

namespace lernd {
namespace {

/// A pipeline also ends here, so that neither side holds more than about this much of it.
constexpr std::size_t kPipelineBytes = 1u << 20;

std::unexpected<Error> divided_group() {
  return fail(Treatment::fatal, ErrorCode::internal, "a group of cache writes spans several databases, which cannot become visible together");
}

bool puts_fields(const CacheGroup& group) {
  return std::ranges::any_of(group, [](const CacheWrite& write) { return write.kind == CacheWrite::Kind::put_fields; });
}

class RedisCache : public Cache {
 public:
  explicit RedisCache(RedisOptions options) : options_(std::move(options)) {}

  std::vector<Result<CacheValue>> read(std::span<const CacheQuery> queries) override {
    std::vector<Result<CacheValue>> answers(queries.size());
    std::map<CacheId, std::vector<std::size_t>> elements;
    for (std::size_t i = 0; i < queries.size(); ++i) elements[queries[i].cache].push_back(i);
    for (const auto& [id, indices] : elements) {
      pipeline(
          id, indices, answers, [&](std::size_t i, RedisCommands& commands) { append_read(commands, queries[i]); },
          [&](std::size_t i, std::span<const RedisReply> replies, const RedisServer& server) { return value_of(queries[i], *replies.front(), server); });
    }
    return answers;
  }

  std::vector<Result<void>> write(std::span<const CacheGroup> groups) override {
    std::vector<Result<void>> outcomes(groups.size());
    std::map<CacheId, std::vector<std::size_t>> elements;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (groups[i].empty()) continue;
      const CacheId& id = groups[i].front().cache;
      if (std::ranges::all_of(groups[i], [&](const CacheWrite& write) { return write.cache == id; })) {
        elements[id].push_back(i);
      } else {
        outcomes[i] = divided_group();
      }
    }
    for (const auto& [id, indices] : elements) {
      pipeline(
          id, indices, outcomes, [&](std::size_t i, RedisCommands& commands) { append_group(commands, groups[i]); },
          [](std::size_t, std::span<const RedisReply> replies, const RedisServer& server) { return outcome_of_group(replies, server); });
    }
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (!outcomes[i] && outcomes[i].error().treatment == Treatment::reject && puts_fields(groups[i])) outcomes[i] = replace_foreign(groups[i]);
    }
    return outcomes;
  }

  Result<void> ping() override {
    for (const std::string& endpoint : std::views::keys(options_.endpoints)) {
      const auto open = std::ranges::find(connections_, endpoint, [](const auto& entry) { return entry.first.endpoint; });
      const CacheId id = open == connections_.end() ? CacheId{.endpoint = endpoint, .database = 0} : open->first;
      RedisCommands commands;
      commands.add({"PING"});
      const auto replies = exchange(id, commands);
      if (!replies) return std::unexpected(replies.error());
    }
    return {};
  }

  Result<std::vector<std::pair<std::string, CacheKind>>> keys(const CacheId& cache) override {
    std::vector<std::pair<std::string, CacheKind>> found;
    std::string cursor = "0";
    do {
      RedisCommands commands;
      commands.add({"SCAN", cursor, "COUNT", "1000"});
      const auto page = exchange(cache, commands);
      if (!page) return std::unexpected(page.error());
      const auto keys = scanned_keys(*page->front(), cursor);
      if (!keys) return fail(Treatment::retry, ErrorCode::bad_answer, "redis sent a reply that is not one to SCAN");
      if (auto added = add_kinds(cache, *keys, found); !added) return std::unexpected(added.error());
    } while (cursor != "0");
    // A scan may show a key twice.
    std::ranges::sort(found);
    const auto repeated = std::ranges::unique(found);
    found.erase(repeated.begin(), repeated.end());
    return found;
  }

 private:
  /// Sends what `append(element, commands)` appends for each element, at most one pipeline at a time, and keeps what `conclude(element, replies, server)` makes
  /// of the replies. When the connection fails, every element without replies has that failure and no more is tried: a server that is away costs one timeout.
  template <class T, class Append, class Conclude>
  void pipeline(const CacheId& id, std::span<const std::size_t> elements, std::vector<Result<T>>& results, Append append, Conclude conclude) {
    auto connection = connect(id);
    Result<void> sound;
    if (!connection) sound = std::unexpected(connection.error());
    std::vector<std::size_t> sizes;
    RedisCommands commands;
    while (sound && !elements.empty()) {
      commands.clear();
      sizes.clear();
      do {
        const auto before = commands.count();
        append(elements[sizes.size()], commands);
        sizes.push_back(commands.count() - before);
      } while (sizes.size() < elements.size() && std::cmp_less(commands.count(), options_.pipeline_max) && commands.bytes().size() < kPipelineBytes);
      sound = (*connection)->send(commands.bytes());
      for (const std::size_t size : sizes) {
        if (!sound) break;
        const auto replies = receive(**connection, size);
        if (!replies) {
          sound = std::unexpected(replies.error());
          break;
        }
        Result<T>& result = results[elements.front()];
        result = conclude(elements.front(), *replies, (*connection)->server());
        elements = elements.subspan(1);
        // Any other fault than that of one key is the server's, and the same for the rest. Connecting anew may find another server behind the name.
        if (!result && result.error().treatment != Treatment::reject) {
          sound = std::unexpected(result.error());
          break;
        }
      }
    }
    if (sound) return;
    connections_.erase(id);
    for (const std::size_t i : elements) results[i] = std::unexpected(sound.error());
  }

  static Result<std::vector<RedisReply>> receive(RedisConnection& connection, std::size_t count) {
    std::vector<RedisReply> replies;
    replies.reserve(count);
    while (replies.size() < count) {
      auto reply = connection.reply();
      if (!reply) return std::unexpected(std::move(reply.error()));
      replies.push_back(std::move(*reply));
    }
    return replies;
  }

  /// The replies to a few commands, all of which must succeed.
  Result<std::vector<RedisReply>> exchange(const CacheId& id, const RedisCommands& commands) {
    auto connection = connect(id);
    if (!connection) return std::unexpected(connection.error());
    const RedisServer server = (*connection)->server();
    auto sent = (*connection)->send(commands.bytes());
    Result<std::vector<RedisReply>> replies = sent ? receive(**connection, commands.count()) : std::unexpected(sent.error());
    if (!replies) {
      connections_.erase(id);
      return replies;
    }
    for (const RedisReply& reply : *replies) {
      if (reply->type == REDIS_REPLY_ERROR) return std::unexpected(redis_error({reply->str, reply->len}, server));
    }
    return replies;
  }

  Result<RedisConnection*> connect(const CacheId& id) {
    const auto open = connections_.find(id);
    if (open != connections_.end() && !open->second.stale()) return &open->second;
    connections_.erase(id);
    const auto endpoint = options_.endpoints.find(id.endpoint);
    if (endpoint == options_.endpoints.end()) {
      return fail(Treatment::fatal, ErrorCode::invalid_option, fmt::format("no Redis server is configured for `{0}`: set `{0}.host`", id.endpoint));
    }
    auto connection = RedisConnection::open(id, endpoint->second, options_);
    if (!connection) return std::unexpected(std::move(connection.error()));
    return &connections_.emplace(id, std::move(*connection)).first->second;
  }

  /// Carries out a group once more, after it was found that a key to put fields into holds another kind of value.
  Result<void> replace_foreign(const CacheGroup& group) {
    RedisCommands types;
    for (const CacheWrite& write : group) types.add({"TYPE", write.key});
    const auto kinds = exchange(group.front().cache, types);
    if (!kinds) return std::unexpected(kinds.error());
    std::set<std::string> foreign;
    for (std::size_t i = 0; i < group.size(); ++i) {
      if (kind_of(*(*kinds)[i]) != CacheKind::hash) foreign.insert(group[i].key);
    }
    std::vector<Result<void>> outcome(1);
    const std::vector<std::size_t> only{0};
    pipeline(
        group.front().cache, only, outcome, [&](std::size_t, RedisCommands& commands) { append_group(commands, group, foreign); },
        [](std::size_t, std::span<const RedisReply> replies, const RedisServer& server) { return outcome_of_group(replies, server); });
    return outcome.front();
  }

  Result<void> add_kinds(const CacheId& cache, std::span<const std::string> keys, std::vector<std::pair<std::string, CacheKind>>& found) {
    RedisCommands commands;
    for (const std::string& key : keys) commands.add({"TYPE", key});
    const auto kinds = exchange(cache, commands);
    if (!kinds) return std::unexpected(kinds.error());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (const auto kind = kind_of(*(*kinds)[i])) found.emplace_back(keys[i], *kind);
    }
    return {};
  }

  RedisOptions options_;
  std::map<CacheId, RedisConnection> connections_;
};

}  // namespace

std::unique_ptr<Cache> make_redis_cache(RedisOptions options) { return std::make_unique<RedisCache>(std::move(options)); }

}  // namespace lernd
