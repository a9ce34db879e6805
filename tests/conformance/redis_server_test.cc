// What only a Redis server can show: accounts, database numbers, states it is in, expiry as it keeps it. The port's own rules are in the suite.
#include <hiredis/hiredis.h>

#include <algorithm>
#include <memory>

#include "adapters/redis/redis_cache.h"
#include "conformance/conformance.h"
#include "conformance/redis_server.h"

namespace lernd {
namespace {

constexpr CacheId cache_id(int database = 0) { return {.endpoint = "redis", .database = database}; }

/// A connection beside the cache under test.
class Client {
 public:
  explicit Client(const RedisServer& server) : context_(redisConnect("127.0.0.1", server.port()), &redisFree) {}

  /// The answer to a command without blanks in its words, as text.
  std::string tell(const std::string& command) {
    const std::unique_ptr<redisReply, decltype(&freeReplyObject)> reply(static_cast<redisReply*>(redisCommand(context_.get(), command.c_str())),
                                                                        &freeReplyObject);
    if (!reply) return "(no answer)";
    return reply->type == REDIS_REPLY_INTEGER ? std::to_string(reply->integer) : std::string(reply->str != nullptr ? reply->str : "(nil)");
  }

 private:
  std::unique_ptr<redisContext, decltype(&redisFree)> context_;
};

Result<CacheValue> read(Cache& cache, CacheKind kind, std::string key, int database = 0) {
  const std::vector<CacheQuery> query{{.cache = cache_id(database), .kind = kind, .key = std::move(key)}};
  return cache.read(query).front();
}

Result<void> write(Cache& cache, CacheWrite::Kind kind, std::string key, CacheValue value, std::chrono::seconds expiry = {}) {
  const std::vector<CacheGroup> group{{{.kind = kind, .cache = cache_id(), .key = std::move(key), .value = std::move(value), .expiry = expiry}}};
  return cache.write(group).front();
}

CacheValue fields(std::vector<std::pair<std::string, std::string>> fields) { return {.fields = std::move(fields)}; }
CacheValue text(std::string text) { return {.text = std::move(text)}; }

TEST(RedisServerTest, PasswordIsNeededAndChecked) {
  const RedisServer server({"--requirepass", "secret"});
  auto options = server.options();
  EXPECT_TRUE(failed(make_redis_cache(options)->ping(), Treatment::fatal, ErrorCode::unauthorized, {"`lernd.redis.password`"}));
  options.endpoints["redis"].password = "wrong";
  EXPECT_TRUE(failed(make_redis_cache(options)->ping(), Treatment::fatal, ErrorCode::unauthorized, {"`lernd.redis.password`"}));
  options.endpoints["redis"].password = "secret";
  EXPECT_TRUE(ok(make_redis_cache(options)->ping()));
  options.endpoints["redis"].user = "nobody";
  EXPECT_TRUE(failed(make_redis_cache(options)->ping(), Treatment::fatal, ErrorCode::unauthorized));
}

TEST(RedisServerTest, PasswordForAServerWithoutOneIsAFault) {
  const RedisServer server;
  auto options = server.options();
  options.endpoints["redis"].password = "secret";
  EXPECT_TRUE(failed(make_redis_cache(options)->ping(), Treatment::fatal, ErrorCode::unauthorized, {"`lernd.redis.password`"}));
}

TEST(RedisServerTest, UserMustBeAllowedTheCommands) {
  const RedisServer server;
  Client client(server);
  ASSERT_EQ(client.tell("ACL SETUSER jobs on >secret ~* +@read +@connection +@transaction"), "OK");
  auto options = server.options();
  options.endpoints["redis"].user = "jobs";
  options.endpoints["redis"].password = "secret";
  const auto cache = make_redis_cache(options);
  EXPECT_TRUE(ok(read(*cache, CacheKind::set, "k")));
  EXPECT_TRUE(failed(write(*cache, CacheWrite::Kind::put_text, "k", text("v")), Treatment::fatal, ErrorCode::unauthorized, {"`lernd.redis.user`"}));
  ASSERT_EQ(client.tell("ACL SETUSER jobs +@write"), "OK");
  EXPECT_TRUE(ok(write(*cache, CacheWrite::Kind::put_text, "k", text("v"))));
}

TEST(RedisServerTest, DatabaseThatIsNotThereNamesItsOptions) {
  const RedisServer server({"--databases", "4"});
  const auto cache = make_redis_cache(server.options());
  EXPECT_TRUE(ok(read(*cache, CacheKind::set, "k", 3)));
  EXPECT_TRUE(failed(read(*cache, CacheKind::set, "k", 4), Treatment::fatal, ErrorCode::invalid_option, {"database 4", "`redis.database`"}));
  EXPECT_TRUE(failed(read(*cache, CacheKind::set, "k", -1), Treatment::fatal, ErrorCode::invalid_option));
}

TEST(RedisServerTest, FullMemoryPassesAndNothingOfTheGroupIsDone) {
  const RedisServer server;
  Client client(server);
  const auto cache = make_redis_cache(server.options());
  ASSERT_TRUE(ok(write(*cache, CacheWrite::Kind::put_text, "before", text("1"))));
  ASSERT_EQ(client.tell("CONFIG SET maxmemory 1"), "OK");
  const CacheWrite erase{.kind = CacheWrite::Kind::erase, .cache = cache_id(), .key = "before", .value = {}};
  const CacheWrite put{.kind = CacheWrite::Kind::put_text, .cache = cache_id(), .key = "after", .value = text("2")};
  const std::vector<CacheGroup> groups{{erase, put}};
  EXPECT_TRUE(failed(cache->write(groups).front(), Treatment::retry, ErrorCode::unavailable));
  EXPECT_EQ(read(*cache, CacheKind::text, "before")->text, "1");
  ASSERT_EQ(client.tell("CONFIG SET maxmemory 0"), "OK");
  EXPECT_TRUE(ok(cache->write(groups).front()));
}

TEST(RedisServerTest, ReplicaTakesNoWritesForNow) {
  const RedisServer server;
  Client client(server);
  const auto cache = make_redis_cache(server.options());
  ASSERT_EQ(client.tell("REPLICAOF 127.0.0.1 1"), "OK");
  EXPECT_TRUE(failed(write(*cache, CacheWrite::Kind::put_text, "k", text("v")), Treatment::retry, ErrorCode::unavailable));
  ASSERT_EQ(client.tell("REPLICAOF NO ONE"), "OK");
  EXPECT_TRUE(ok(write(*cache, CacheWrite::Kind::put_text, "k", text("v"))));
}

TEST(RedisServerTest, FieldsReplaceEveryOtherKindAndKeepOtherHashes) {
  const RedisServer server;
  Client client(server);
  const auto cache = make_redis_cache(server.options());
  ASSERT_EQ(client.tell("SET text v"), "OK");
  ASSERT_EQ(client.tell("SADD set m"), "1");
  ASSERT_EQ(client.tell("LPUSH list m"), "1");
  ASSERT_EQ(client.tell("HSET hash old 1"), "1");
  CacheGroup group;
  for (const auto* key : {"text", "set", "list", "hash", "new"}) {
    group.push_back({.kind = CacheWrite::Kind::put_fields, .cache = cache_id(), .key = key, .value = fields({{"f", "2"}})});
  }
  const std::vector<CacheGroup> groups{group};
  ASSERT_TRUE(ok(cache->write(groups).front()));
  for (const auto* key : {"text", "set", "list", "new"}) EXPECT_EQ(read(*cache, CacheKind::hash, key), fields({{"f", "2"}})) << key;
  EXPECT_EQ(read(*cache, CacheKind::hash, "hash"), fields({{"f", "2"}, {"old", "1"}}));
}

TEST(RedisServerTest, ExpiryIsThatOfTheLastWrite) {
  const RedisServer server;
  Client client(server);
  const auto cache = make_redis_cache(server.options());
  const std::chrono::hours hour(1);
  for (const auto kind : {CacheWrite::Kind::put_text, CacheWrite::Kind::put_set, CacheWrite::Kind::put_hash, CacheWrite::Kind::put_fields}) {
    const CacheValue value{.text = "v", .members = {"m"}, .fields = {{"f", "v"}}};
    ASSERT_TRUE(ok(write(*cache, kind, "k", value, hour)));
    EXPECT_GT(std::stoi(client.tell("TTL k")), 3500);
    ASSERT_TRUE(ok(write(*cache, kind, "k", value)));
    EXPECT_EQ(client.tell("TTL k"), "-1");
  }
}

TEST(RedisServerTest, KeysLeaveOutKindsNoWriteMakes) {
  const RedisServer server;
  Client client(server);
  const auto cache = make_redis_cache(server.options());
  std::vector<CacheGroup> groups;
  std::vector<std::pair<std::string, CacheKind>> expected;
  for (int i = 0; i < 5000; ++i) {
    const std::string key = "key" + std::to_string(i);
    groups.push_back({{.kind = CacheWrite::Kind::put_text, .cache = cache_id(), .key = key, .value = text("v")}});
    expected.emplace_back(key, CacheKind::text);
  }
  for (const auto& outcome : cache->write(groups)) ASSERT_TRUE(ok(outcome));
  ASSERT_EQ(client.tell("ZADD sorted 1 m"), "1");
  std::ranges::sort(expected);
  EXPECT_EQ(cache->keys(cache_id()), expected);
}

TEST(RedisServerTest, LargeSetIsReadAsItWasWritten) {
  const RedisServer server;
  const auto cache = make_redis_cache(server.options());
  CacheValue many;
  for (int i = 100000; i < 200000; ++i) many.members.push_back("do_" + std::to_string(i));
  ASSERT_TRUE(ok(write(*cache, CacheWrite::Kind::put_set, "k", many)));
  EXPECT_EQ(read(*cache, CacheKind::set, "k"), many);
}

TEST(RedisServerTest, NothingIsLostWhenTheServerGoesAndComesBetweenGroups) {
  RedisServer server;
  const auto cache = make_redis_cache(server.options());
  std::vector<CacheGroup> groups;
  for (int i = 0; i < 2000; ++i) {
    groups.push_back({{.kind = CacheWrite::Kind::put_text, .cache = cache_id(), .key = std::to_string(i), .value = text(std::to_string(i))}});
  }
  ASSERT_TRUE(ok(cache->write(groups).back()));
  server.stop();
  for (const auto& outcome : cache->write(groups)) EXPECT_TRUE(failed(outcome, Treatment::retry, ErrorCode::unavailable));
  EXPECT_TRUE(failed(cache->ping(), Treatment::retry, ErrorCode::unavailable));
  server.start();
  EXPECT_TRUE(ok(cache->ping()));
  for (const auto& outcome : cache->write(groups)) EXPECT_TRUE(ok(outcome));
  EXPECT_EQ(read(*cache, CacheKind::text, "1999")->text, "1999");
}

TEST(RedisServerTest, ConnectionTheServerClosedIsReplacedUnnoticed) {
  const RedisServer server;
  Client client(server);
  const auto cache = make_redis_cache(server.options());
  ASSERT_TRUE(ok(cache->ping()));
  ASSERT_EQ(client.tell("CLIENT KILL TYPE normal SKIPME yes"), "1");
  EXPECT_TRUE(ok(read(*cache, CacheKind::set, "k")));
}

}  // namespace
}  // namespace lernd
