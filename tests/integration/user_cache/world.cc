#include "integration/user_cache/world.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "integration/program.h"
#include "support/must.h"

namespace lernd {
namespace {

using Json = nlohmann::json;
using Fields = UserCacheWorld::Fields;

const std::string kPath = "/private/user/v1/read/";
/// Stands in all that is told of a person, and in the password.
const std::string kMark = "MARKED-";
const std::string kPassword = kMark + "secret";
const CacheId kUsers{"redis-meta", 12};

Json profile_of(int number, const std::string& user) {
  Json profile{{"userId", user},          {"firstName", fmt::format("{}first {}", kMark, number)},
               {"lastName", kMark},       {"encEmail", kMark + "mail=="},
               {"encPhone", kMark},       {"rootOrgId", "org"},
               {"language", nullptr},     {"rootOrg", {{"orgName", "North [1]"}}},
               {"email", kMark + "m***"}, {"userLocations", {{{"type", "state"}, {"name", fmt::format("{}state {}", kMark, number)}}}}};
  if (number % 2 == 0) profile["userLocations"].push_back({{"type", "school"}, {"name", kMark + "school"}, {"code", "28"}});
  if (number % 5 == 0) profile["profileUserTypes"] = {{{"type", "teacher"}}};
  if (number % 4 == 0) profile["framework"] = {{"id", {"ns_k-12"}}, {"board", {"State"}}, {"medium", {"English"}}, {"gradeLevel", {"6", "7"}}};
  return profile;
}

/// What the job makes of it. Source: user-cache-updater.md section 5, layout bmgs.
Fields fields_of(int number, const std::string& user) {
  Fields fields{{"firstname", fmt::format("{}first {}", kMark, number)},
                {"lastname", kMark},
                {"email", kMark + "mail=="},
                {"phone", kMark},
                {"orgname", R"(North \[1\])"},
                {"rootorgid", "org"},
                {"userid", user},
                {"language", ""},
                {"state", fmt::format("{}state {}", kMark, number)}};
  if (number % 2 == 0) fields.merge(Fields{{"schoolname", kMark + "school"}, {"schooludisecode", "28"}});
  if (number % 5 == 0) fields.merge(Fields{{"usertype", "teacher"}, {"usersubtype", ""}, {"profileusertypes", R"(\[{"type":"teacher"}\])"}});
  if (number % 4 == 0)
    fields.merge(Fields{{"framework", "ns_k-12"}, {"board", "State"}, {"medium", R"(["English"])"}, {"grade", R"(["6","7"])"}, {"subject", "[]"}});
  return fields;
}

/// Of a former state: a place that is gone, one that was empty already, and fields that no profile tells of.
const Fields kOld{{"firstname", kMark + "old"}, {"block", kMark + "old"}, {"schoolname", ""}, {"usersignintype", "Validated"}, {"note", "kept"}};

Fields over_old(Fields fields) {
  fields.merge(Fields{{"schoolname", ""}, {"usersignintype", "Validated"}, {"note", "kept"}});
  return fields;
}

StubReply answer(int status, const std::string& code, const std::string& err, const Json& result) {
  return {.status = status, .body = Json{{"responseCode", code}, {"params", {{"err", err}, {"errmsg", kMark}}}, {"result", result}}.dump()};
}

}  // namespace

UserCacheWorld::UserCacheWorld(int users) : keyspace_(fmt::format("user_cache_{:08x}", std::random_device{}())), redis_({"--requirepass", kPassword}) {
  for (int i = 0; i < users; ++i) add_user(i);
  make_table();
  for (const auto& [user, fields] : old_) put(user, fields);
  service_ = must(StubServer::start([this](const StubRequest& request) { return reply(request); }));
  write_config();
}

UserCacheWorld::~UserCacheWorld() {
  EXPECT_FALSE(seen_.contains(kMark)) << seen_.substr(seen_.find(kMark) < 2000 ? 0 : seen_.find(kMark) - 2000);
  if (const auto dropped = tables_->drop_keyspace(keyspace_); !dropped) ADD_FAILURE() << dropped.error().text;
}

void UserCacheWorld::add_user(int number) {
  const std::string user = fmt::format("user-{:04}", number);
  users_.push_back(user);
  const bool has_old = number % 3 == 0;
  if (has_old) old_[user] = kOld;
  if (number % 20 == 7) {
    answers_[user] = answer(400, "CLIENT_ERROR", "UOS_USRRED0006", Json::object());
    left_out_.insert(user + ",blocked");
  } else if (number % 20 == 13) {
    answers_[user] = answer(404, "RESOURCE_NOT_FOUND", "UOS_USRRED0013", Json::object());
    left_out_.insert(user + ",unknown");
  } else {
    answers_[user] = answer(200, "OK", "", {{"response", profile_of(number, user)}});
    readable_.push_back(user);
    rebuilt_[user] = has_old ? over_old(fields_of(number, user)) : fields_of(number, user);
    return;
  }
  // Nobody touches the entry of somebody who cannot be read.
  if (has_old) rebuilt_[user] = kOld;
}

void UserCacheWorld::make_table() {
  tables_ = make_cassandra_store(
      must(connect_cassandra({.hosts = {cassandra_.host}, .port = cassandra_.port, .user = cassandra_.user, .password = cassandra_.password})));
  const TableName table{keyspace_, "user"};
  must(tables_->create({.name = table, .columns = {{"id", "text"}, {"firstname", "text"}}, .key = {"id"}}));
  std::vector<RowGroup> rows;
  for (const auto& user : users_) rows.push_back({RowWrite{.table = table, .key = {{"id", user}}, .set = {{"firstname", kMark}}}});
  for (auto& done : tables_->write(at_one_time(rows, {1}))) must(std::move(done));
}

void UserCacheWorld::write_config() const {
  std::ofstream(settings_.file("password")) << kPassword << "\n";
  std::ofstream out(settings_.file("job.conf"));
  const std::map<std::string, std::string> settings{
      {"lms-cassandra.host", cassandra_.host},
      {"lms-cassandra.port", std::to_string(cassandra_.port)},
      {"lernd.cassandra.user", cassandra_.user},
      {"lernd.cassandra.password", cassandra_.password},
      {"redis-meta.host", "127.0.0.1"},
      {"redis-meta.port", std::to_string(redis_.port())},
      {"lernd.redis-meta.password_file", settings_.file("password")},
      {"user-read.api.url", fmt::format("http://127.0.0.1:{}{}", service_->port(), kPath)},
      {"lernd.http.in_flight_max", "8"},
      {"lernd.breaker.pause_ms", "200"},
      {"lernd.log.level", "debug"},
  };
  for (const auto& [key, value] : settings) out << key << " = \"" << value << "\"\n";
}

StubReply UserCacheWorld::reply(const StubRequest& request) {
  const std::string user = request.path.substr(std::min(kPath.size(), request.path.size()));
  {
    const std::scoped_lock lock(mutex_);
    ++reads_[user];
  }
  ++calls_;
  const auto known = answers_.find(user);
  if (known == answers_.end()) return {.status = 404, .body = "no such path"};
  StubReply reply = known->second;
  reply.delay = delay_;
  return reply;
}

Command UserCacheWorld::command(const std::string& verb, const std::vector<std::string>& more) const {
  std::vector<std::string> words{LERND_BINARY, "cache", verb, "--config", settings_.file("job.conf"), "--progress", "lines"};
  if (std::ranges::find(more, "--ids") == more.end()) words.insert(words.end(), {"--table", keyspace_ + ".user"});
  words.insert(words.end(), more.begin(), more.end());
  return {.words = std::move(words), .directory = work_.path()};
}

Finished UserCacheWorld::cache(const std::string& verb, const std::vector<std::string>& more) {
  auto finished = run(command(verb, more), kLimit);
  keep(finished.out + finished.err);
  return finished;
}

void UserCacheWorld::keep(const std::string& said) {
  seen_ += said;
  for (const auto& entry : std::filesystem::directory_iterator(work_.path())) {
    std::ifstream in(entry.path());
    seen_ += entry.path().filename().string() + std::string(std::istreambuf_iterator<char>(in), {});
  }
}

std::string UserCacheWorld::write_ids(const std::string& name, const std::vector<std::string>& ids) const {
  std::ofstream out(file(name));
  for (const auto& id : ids) out << id << "\n";
  return file(name);
}

std::multiset<std::string> UserCacheWorld::lines(const std::string& name) const {
  std::ifstream in(file(name));
  std::multiset<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.insert(line);
  return lines;
}

std::unique_ptr<Cache> UserCacheWorld::open_cache() const {
  RedisOptions options;
  options.endpoints[kUsers.endpoint] = {.host = "127.0.0.1", .port = redis_.port(), .user = "", .password = kPassword};
  return make_redis_cache(options);
}

UserCacheWorld::Entries UserCacheWorld::entries() const {
  const auto cache = open_cache();
  std::vector<CacheQuery> queries;
  for (const auto& [key, kind] : must(cache->keys(kUsers))) queries.push_back({.cache = kUsers, .kind = kind, .key = key});
  auto values = cache->read(queries);
  Entries entries;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const auto fields = must(std::move(values[i])).fields;
    entries[queries[i].key.substr(std::string("user:").size())] = Fields(fields.begin(), fields.end());
  }
  return entries;
}

void UserCacheWorld::write(CacheWrite change) const {
  change.cache = kUsers;
  change.key = "user:" + change.key;
  const CacheGroup group{std::move(change)};
  for (auto& done : open_cache()->write({&group, 1})) must(std::move(done));
}

void UserCacheWorld::put(const std::string& user, const Fields& fields, std::vector<std::string> drop) const {
  write({.kind = CacheWrite::Kind::put_fields, .key = user, .value = {.fields = {fields.begin(), fields.end()}}, .drop = std::move(drop)});
}

void UserCacheWorld::erase(const std::string& user) const { write({.kind = CacheWrite::Kind::erase, .key = user}); }

std::map<std::string, int> UserCacheWorld::reads() const {
  const std::scoped_lock lock(mutex_);
  return reads_;
}

}  // namespace lernd
