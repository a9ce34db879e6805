#include "adapters/redis/redis_replies.h"

#include <gtest/gtest.h>

namespace lernd {
namespace {

const RedisServer kServer{.name = "redis at h:1, database 0", .endpoint = "redis-meta"};

/// A reply as the library reads it from the wire.
RedisReply reply_of(std::string_view wire) {
  const std::unique_ptr<redisReader, decltype(&redisReaderFree)> reader(redisReaderCreate(), &redisReaderFree);
  void* reply = nullptr;
  EXPECT_EQ(redisReaderFeed(reader.get(), wire.data(), wire.size()), REDIS_OK);
  EXPECT_EQ(redisReaderGetReply(reader.get(), &reply), REDIS_OK);
  EXPECT_NE(reply, nullptr) << wire;
  return RedisReply(static_cast<redisReply*>(reply));
}

Result<void> outcome(std::initializer_list<std::string_view> wires) {
  std::vector<RedisReply> replies;
  for (const auto wire : wires) replies.push_back(reply_of(wire));
  return outcome_of_group(replies, kServer);
}

CacheQuery read_of(CacheKind kind, std::vector<std::string> fields = {}) { return {.cache = {}, .kind = kind, .key = "k", .fields = std::move(fields)}; }

TEST(RedisReplies, TextOrNone) {
  EXPECT_EQ(value_of(read_of(CacheKind::text), *reply_of("$2\r\nab\r\n"), kServer)->text, "ab");
  EXPECT_EQ(value_of(read_of(CacheKind::text), *reply_of("$0\r\n\r\n"), kServer)->text, "");
  EXPECT_TRUE(value_of(read_of(CacheKind::text), *reply_of("$-1\r\n"), kServer)->missing());
}

TEST(RedisReplies, SetIsSorted) {
  EXPECT_EQ(value_of(read_of(CacheKind::set), *reply_of("*3\r\n$1\r\nc\r\n$1\r\na\r\n$1\r\nb\r\n"), kServer)->members,
            (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(value_of(read_of(CacheKind::set), *reply_of("*0\r\n"), kServer)->missing());
}

TEST(RedisReplies, HashIsSortedByField) {
  const auto hash = value_of(read_of(CacheKind::hash), *reply_of("*4\r\n$1\r\nz\r\n$1\r\n1\r\n$1\r\na\r\n$1\r\n2\r\n"), kServer);
  EXPECT_EQ(hash->fields, (std::vector<std::pair<std::string, std::string>>{{"a", "2"}, {"z", "1"}}));
}

TEST(RedisReplies, FieldsAskedForByNameThatAreThere) {
  const auto read = read_of(CacheKind::hash, {"z", "none", "a"});
  const auto hash = value_of(read, *reply_of("*3\r\n$1\r\n1\r\n$-1\r\n$0\r\n\r\n"), kServer);
  EXPECT_EQ(hash->fields, (std::vector<std::pair<std::string, std::string>>{{"a", ""}, {"z", "1"}}));
  EXPECT_TRUE(value_of(read, *reply_of("*3\r\n$-1\r\n$-1\r\n$-1\r\n"), kServer)->missing());
  for (const auto wire : {"*0\r\n", "*2\r\n$1\r\n1\r\n$-1\r\n", "*3\r\n:1\r\n$-1\r\n$-1\r\n", "$-1\r\n"}) {
    const auto value = value_of(read, *reply_of(wire), kServer);
    ASSERT_FALSE(value) << wire;
    EXPECT_EQ(value.error().code, ErrorCode::bad_answer);
  }
}

TEST(RedisReplies, ReplyOfAnotherShapeBreaksTheConnection) {
  for (const auto wire : {"+OK\r\n", ":1\r\n", "*1\r\n:1\r\n", "*1\r\n$1\r\na\r\n"}) {
    const auto value = value_of(read_of(CacheKind::hash), *reply_of(wire), kServer);
    ASSERT_FALSE(value) << wire;
    EXPECT_EQ(value.error().treatment, Treatment::retry);
    EXPECT_EQ(value.error().code, ErrorCode::bad_answer);
  }
}

TEST(RedisReplies, ErrorsHaveTheirTreatment) {
  struct Case {
    std::string_view reply;
    Treatment treatment;
    ErrorCode code;
  };
  for (const Case& expected : {
           Case{"WRONGTYPE Operation against a key holding the wrong kind of value", Treatment::reject, ErrorCode::schema_mismatch},
           Case{"LOADING Redis is loading the dataset in memory", Treatment::retry, ErrorCode::unavailable},
           Case{"READONLY You can't write against a read only replica.", Treatment::retry, ErrorCode::unavailable},
           Case{"MASTERDOWN Link with MASTER is down", Treatment::retry, ErrorCode::unavailable},
           Case{"OOM command not allowed when used memory > 'maxmemory'.", Treatment::retry, ErrorCode::unavailable},
           Case{"ERR max number of clients reached", Treatment::retry, ErrorCode::unavailable},
           Case{"NOAUTH Authentication required.", Treatment::fatal, ErrorCode::unauthorized},
           Case{"WRONGPASS invalid username-password pair or user is disabled.", Treatment::fatal, ErrorCode::unauthorized},
           Case{"ERR invalid password", Treatment::fatal, ErrorCode::unauthorized},
           Case{"ERR AUTH <password> called without any password configured", Treatment::fatal, ErrorCode::unauthorized},
           Case{"NOPERM this user has no permissions to run the 'smembers' command", Treatment::fatal, ErrorCode::unauthorized},
           Case{"ERR DB index is out of range", Treatment::fatal, ErrorCode::invalid_option},
           Case{"MOVED 3999 10.0.0.1:6381", Treatment::fatal, ErrorCode::invalid_option},
           Case{"ERR unknown command", Treatment::fatal, ErrorCode::bad_answer},
       }) {
    const Error error = redis_error(expected.reply, kServer);
    EXPECT_EQ(error.treatment, expected.treatment) << expected.reply;
    EXPECT_EQ(error.code, expected.code) << expected.reply;
    EXPECT_TRUE(error.text.starts_with("redis at h:1, database 0")) << error.text;
  }
}

TEST(RedisReplies, ErrorNamesTheOptionAndQuotesNothing) {
  EXPECT_NE(redis_error("WRONGPASS invalid", kServer).text.find("`lernd.redis-meta.password`"), std::string::npos);
  EXPECT_EQ(redis_error("ERR unknown command 'FOO', with args beginning with: 'user-1'", kServer).text.find("user-1"), std::string::npos);
}

TEST(RedisReplies, GroupThatWasCarriedOut) { EXPECT_TRUE(outcome({"+OK\r\n", "+QUEUED\r\n", "+QUEUED\r\n", "*2\r\n:1\r\n:2\r\n"})); }

TEST(RedisReplies, GroupFailsWithTheCauseNotItsConsequence) {
  const auto refused = outcome({"+OK\r\n", "-OOM command not allowed\r\n", "-EXECABORT Transaction discarded because of previous errors.\r\n"});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text.find("OOM"), std::string::npos);
}

TEST(RedisReplies, GroupWithAFailedCommandInside) {
  const auto rejected = outcome({"+OK\r\n", "+QUEUED\r\n", "+QUEUED\r\n", "*2\r\n:1\r\n-WRONGTYPE Operation against a key\r\n"});
  ASSERT_FALSE(rejected);
  EXPECT_EQ(rejected.error().treatment, Treatment::reject);
}

TEST(RedisReplies, GroupWithTooFewAnswersIsNotTaken) {
  const auto cut = outcome({"+OK\r\n", "+QUEUED\r\n", "+QUEUED\r\n", "*1\r\n:1\r\n"});
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, ErrorCode::bad_answer);
}

TEST(RedisReplies, Kinds) {
  EXPECT_EQ(kind_of(*reply_of("+string\r\n")), CacheKind::text);
  EXPECT_EQ(kind_of(*reply_of("+set\r\n")), CacheKind::set);
  EXPECT_EQ(kind_of(*reply_of("+hash\r\n")), CacheKind::hash);
  EXPECT_EQ(kind_of(*reply_of("+zset\r\n")), std::nullopt);
  EXPECT_EQ(kind_of(*reply_of("+none\r\n")), std::nullopt);
}

TEST(RedisReplies, ScanPage) {
  std::string cursor;
  EXPECT_EQ(scanned_keys(*reply_of("*2\r\n$2\r\n17\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n"), cursor), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(cursor, "17");
  EXPECT_EQ(scanned_keys(*reply_of("*1\r\n$1\r\n0\r\n"), cursor), std::nullopt);
}

}  // namespace
}  // namespace lernd
