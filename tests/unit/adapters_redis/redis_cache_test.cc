#include "adapters/redis/redis_cache.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>

#include "support/scripted_server.h"

namespace lernd {
namespace {

const CacheId kCache{.endpoint = "redis", .database = 7};

RedisOptions options_for(int port) {
  RedisOptions options;
  options.endpoints["redis"] = {.host = "127.0.0.1", .port = port};
  return options;
}

std::vector<CacheQuery> texts(std::initializer_list<std::string> keys) {
  std::vector<CacheQuery> queries;
  for (const auto& key : keys) queries.push_back({.cache = kCache, .kind = CacheKind::text, .key = key});
  return queries;
}

CacheGroup group_of(CacheWrite::Kind kind, CacheValue value) { return {{.kind = kind, .cache = kCache, .key = "k", .value = std::move(value)}}; }

/// The next commands, each as its words with blanks between. Fewer when the other side closed.
std::vector<std::string> commands(ScriptedPeer& peer, std::size_t count) {
  // Commands have the form of replies, so the library reads them too.
  const std::unique_ptr<redisReader, decltype(&redisReaderFree)> reader(redisReaderCreate(), &redisReaderFree);
  std::vector<std::string> commands;
  while (commands.size() < count) {
    void* reply = nullptr;
    if (redisReaderGetReply(reader.get(), &reply) != REDIS_OK) break;
    if (reply != nullptr) {
      const std::unique_ptr<redisReply, decltype(&freeReplyObject)> command(static_cast<redisReply*>(reply), &freeReplyObject);
      std::string& words = commands.emplace_back();
      for (std::size_t i = 0; i < command->elements; ++i) words.append(i > 0 ? " " : "").append(command->element[i]->str, command->element[i]->len);
      continue;
    }
    const std::string received = peer.receive();
    if (received.empty()) break;
    redisReaderFeed(reader.get(), received.data(), received.size());
  }
  return commands;
}

void greet(ScriptedPeer& peer) {
  EXPECT_EQ(commands(peer, 1), std::vector<std::string>{"SELECT 7"});
  peer.send("+OK\r\n");
}

void expect_error(const Error& error, Treatment treatment, ErrorCode code) {
  EXPECT_EQ(error.treatment, treatment) << error.text;
  EXPECT_EQ(error.code, code) << error.text;
}

TEST(RedisCache, SendsOnePipelineAndAnswersInOrder) {
  ScriptedServer server({[](ScriptedPeer& peer) {
    greet(peer);
    EXPECT_EQ(commands(peer, 3), (std::vector<std::string>{"GET a", "GET b", "GET c"}));
    peer.send("$1\r\n1\r\n$-1\r\n$1\r\n3\r\n");
    peer.await_end();
  }});
  const auto cache = make_redis_cache(options_for(server.port()));
  const auto answers = cache->read(texts({"a", "b", "c"}));
  EXPECT_EQ(answers[0]->text, "1");
  EXPECT_TRUE(answers[1]->missing());
  EXPECT_EQ(answers[2]->text, "3");
}

TEST(RedisCache, NoMoreThanThePipelineHoldsIsSentBeforeItsAnswers) {
  ScriptedServer server({[](ScriptedPeer& peer) {
    greet(peer);
    EXPECT_EQ(commands(peer, 2), (std::vector<std::string>{"GET a", "GET b"}));
    peer.send("$1\r\n1\r\n$1\r\n2\r\n");
    EXPECT_EQ(commands(peer, 1), (std::vector<std::string>{"GET c"}));
    peer.send("$1\r\n3\r\n");
    peer.await_end();
  }});
  auto options = options_for(server.port());
  options.pipeline_max = 2;
  const auto answers = make_redis_cache(options)->read(texts({"a", "b", "c"}));
  EXPECT_EQ(answers[2]->text, "3");
}

TEST(RedisCache, BrokenConnectionFailsOnlyWhatWasNotAnsweredAndIsNotUsedAgain) {
  ScriptedServer server({[](ScriptedPeer& peer) {
                           greet(peer);
                           commands(peer, 3);
                           peer.send("$1\r\n1\r\n$5\r\nha");
                         },
                         [](ScriptedPeer& peer) {
                           greet(peer);
                           commands(peer, 1);
                           peer.send("$3\r\nnew\r\n");
                           peer.await_end();
                         }});
  const auto cache = make_redis_cache(options_for(server.port()));
  const auto answers = cache->read(texts({"a", "b", "c"}));
  EXPECT_EQ(answers[0]->text, "1");
  expect_error(answers[1].error(), Treatment::retry, ErrorCode::unavailable);
  expect_error(answers[2].error(), Treatment::retry, ErrorCode::unavailable);
  EXPECT_EQ(cache->read(texts({"b"}))[0]->text, "new");
}

TEST(RedisCache, ConnectionClosedWhileIdleIsReplacedUnnoticed) {
  std::promise<void> finished;
  ScriptedServer server({[&](ScriptedPeer& peer) {
                           greet(peer);
                           commands(peer, 1);
                           peer.send("$1\r\n1\r\n");
                           peer.finish();
                           finished.set_value();
                         },
                         [](ScriptedPeer& peer) {
                           greet(peer);
                           commands(peer, 1);
                           peer.send("$1\r\n2\r\n");
                           peer.await_end();
                         }});
  const auto cache = make_redis_cache(options_for(server.port()));
  EXPECT_EQ(cache->read(texts({"a"}))[0]->text, "1");
  finished.get_future().wait();
  EXPECT_EQ(cache->read(texts({"a"}))[0]->text, "2");
}

TEST(RedisCache, SilentServerTimesOutOnceForTheWholeCall) {
  ScriptedServer server({[](ScriptedPeer& peer) {
    greet(peer);
    peer.await_end();
  }});
  auto options = options_for(server.port());
  options.request_timeout = std::chrono::milliseconds(100);
  options.pipeline_max = 1;
  const auto cache = make_redis_cache(options);
  const auto before = std::chrono::steady_clock::now();
  const auto answers = cache->read(std::vector<CacheQuery>(50, texts({"a"}).front()));
  for (const auto& answer : answers) expect_error(answer.error(), Treatment::retry, ErrorCode::timed_out);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(50 * 100));
}

TEST(RedisCache, ServerThatDoesNotAcceptTimesOut) {
  // One waiting connection fills the queue of a listener that nobody accepts from; later ones are not answered.
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), length), 0);
  ASSERT_EQ(listen(listener, 0), 0);
  ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length), 0);
  const int waiting = socket(AF_INET, SOCK_STREAM, 0);
  ASSERT_EQ(connect(waiting, reinterpret_cast<sockaddr*>(&address), length), 0);

  auto options = options_for(ntohs(address.sin_port));
  options.connect_timeout = std::chrono::milliseconds(50);
  expect_error(make_redis_cache(options)->read(texts({"a"}))[0].error(), Treatment::retry, ErrorCode::timed_out);
  close(waiting);
  close(listener);
}

TEST(RedisCache, NoServerIsUnavailable) {
  int port = 0;
  {
    port = ScriptedServer({}).port();
  }
  const auto cache = make_redis_cache(options_for(port));
  expect_error(cache->read(texts({"a"}))[0].error(), Treatment::retry, ErrorCode::unavailable);
  expect_error(cache->ping().error(), Treatment::retry, ErrorCode::unavailable);
}

TEST(RedisCache, UnknownEndpointNamesTheOption) {
  const auto cache = make_redis_cache({});
  const auto answers = cache->read(texts({"a"}));
  expect_error(answers[0].error(), Treatment::fatal, ErrorCode::invalid_option);
  EXPECT_NE(answers[0].error().text.find("`redis.host`"), std::string::npos);
}

TEST(RedisCache, AuthenticatesBeforeItSelects) {
  ScriptedServer server({[](ScriptedPeer& peer) {
    EXPECT_EQ(commands(peer, 2), (std::vector<std::string>{"AUTH jobs secret", "SELECT 7"}));
    peer.send("-WRONGPASS invalid username-password pair or user is disabled.\r\n-NOAUTH Authentication required.\r\n");
    peer.await_end();
  }});
  auto options = options_for(server.port());
  options.endpoints["redis"].user = "jobs";
  options.endpoints["redis"].password = "secret";
  const Error error = make_redis_cache(options)->read(texts({"a"}))[0].error();
  expect_error(error, Treatment::fatal, ErrorCode::unauthorized);
  EXPECT_EQ(error.text.find("secret"), std::string::npos);
}

TEST(RedisCache, ServerThatLoadsFailsTheRestAndIsMetByANewConnection) {
  ScriptedServer server({[](ScriptedPeer& peer) {
                           greet(peer);
                           commands(peer, 2);
                           peer.send("-LOADING Redis is loading the dataset in memory\r\n$1\r\n2\r\n");
                           peer.await_end();
                         },
                         [](ScriptedPeer& peer) {
                           greet(peer);
                           commands(peer, 1);
                           peer.send("$1\r\n1\r\n");
                           peer.await_end();
                         }});
  const auto cache = make_redis_cache(options_for(server.port()));
  for (const auto& answer : cache->read(texts({"a", "b"}))) expect_error(answer.error(), Treatment::retry, ErrorCode::unavailable);
  EXPECT_EQ(cache->read(texts({"a"}))[0]->text, "1");
}

TEST(RedisCache, KeyOfAnotherKindRejectsOnlyItsQuery) {
  ScriptedServer server({[](ScriptedPeer& peer) {
    greet(peer);
    commands(peer, 2);
    peer.send("-WRONGTYPE Operation against a key holding the wrong kind of value\r\n$1\r\n2\r\n");
    peer.await_end();
  }});
  const auto answers = make_redis_cache(options_for(server.port()))->read(texts({"a", "b"}));
  EXPECT_EQ(answers[0].error().treatment, Treatment::reject);
  EXPECT_EQ(answers[1]->text, "2");
}

TEST(RedisCache, FieldsReplaceAForeignValueInASecondTransaction) {
  ScriptedServer server({[](ScriptedPeer& peer) {
    greet(peer);
    commands(peer, 4);
    peer.send("+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n-WRONGTYPE Operation against a key\r\n:0\r\n");
    EXPECT_EQ(commands(peer, 1), std::vector<std::string>{"TYPE k"});
    peer.send("+string\r\n");
    EXPECT_EQ(commands(peer, 5), (std::vector<std::string>{"MULTI", "DEL k", "HSET k f 1", "PERSIST k", "EXEC"}));
    peer.send("+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*3\r\n:1\r\n:1\r\n:0\r\n");
    peer.await_end();
  }});
  const auto cache = make_redis_cache(options_for(server.port()));
  const std::vector<CacheGroup> groups{group_of(CacheWrite::Kind::put_fields, {.fields = {{"f", "1"}}})};
  EXPECT_TRUE(cache->write(groups)[0]);
}

TEST(RedisCache, GroupsOverSeveralDatabasesAreRefused) {
  CacheGroup divided = group_of(CacheWrite::Kind::erase, {});
  divided.push_back(divided.front());
  divided.back().cache.database = 8;
  const std::vector<CacheGroup> groups{divided, {}};
  const auto outcomes = make_redis_cache({})->write(groups);
  expect_error(outcomes[0].error(), Treatment::fatal, ErrorCode::internal);
  EXPECT_TRUE(outcomes[1]);
}

}  // namespace
}  // namespace lernd
