// What `lernd cache` does a second on a real Cassandra and Redis, and what it needs for that. One JSON line; README.md says what the fields mean.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "adapters/cassandra/cassandra_store.h"
#include "adapters/redis/redis_cache.h"
#include "load.h"
#include "support/must.h"
#include "support/services.h"
#include "tool_run.h"

namespace lernd::bench {
namespace {

constexpr std::size_t kRowsAtOnce = 10'000;
constexpr int kDatabase = 9;

const LoadKind& profiles() {
  const auto kinds = load_kinds();
  return *std::ranges::find(kinds, std::string_view("profiles"), &LoadKind::name);
}

/// The users: rows of a table in a keyspace of its own, a service that has a profile of each, and a database of Redis. All gone with this object.
class Platform {
 public:
  explicit Platform(std::size_t users)
      : service_([](std::string_view path, std::string_view body) { return profiles().answer({}, path, body); }),
        keyspace_(fmt::format("bench_cache_{}", ::getpid())),
        folder_((std::filesystem::temp_directory_path() / keyspace_).string()) {
    std::filesystem::create_directories(folder_);
    tables_ = make_cassandra_store(must(connect_cassandra({.hosts = {cassandra_.host}, .port = cassandra_.port})));
    const TableName table{keyspace_, "user"};
    must(tables_->create({.name = table, .columns = {{"id", "text"}}, .key = {"id"}}));
    for (std::size_t from = 0; from < users; from += kRowsAtOnce) {
      std::vector<RowGroup> rows;
      for (std::size_t i = from; i < std::min(users, from + kRowsAtOnce); ++i) {
        rows.push_back({RowWrite{.kind = RowWrite::Kind::insert, .table = table, .key = {{"id", user_id(Part::backlog, i)}}, .set = {}}});
      }
      for (auto& done : tables_->write(at_one_time(rows, {1}))) must(std::move(done));
    }
    clear();
  }
  ~Platform() {
    (void)tables_->drop_keyspace(keyspace_);
    clear();
    std::filesystem::remove_all(folder_);
  }
  Platform(const Platform&) = delete;
  Platform& operator=(const Platform&) = delete;

  /// `lernd cache <verb>` and its options.
  std::vector<std::string> words(const std::string& verb, const std::vector<std::string>& more) const {
    std::vector<std::string> words{LERND_BINARY, "cache", verb, "--table", keyspace_ + ".user", "--progress", "none"};
    for (const auto& [key, value] :
         std::vector<std::pair<std::string, std::string>>{{"lms-cassandra.host", cassandra_.host},
                                                          {"lms-cassandra.port", std::to_string(cassandra_.port)},
                                                          {"redis-meta.host", redis_.host},
                                                          {"redis-meta.port", std::to_string(redis_.port)},
                                                          {"redis-meta.database.userstore.id", std::to_string(kDatabase)},
                                                          {profiles().service_options.front().first, url(profiles().service_options.front().second)}}) {
      words.insert(words.end(), {"--set", key + "=" + value});
    }
    if (verb == "rebuild") words.insert(words.end(), {"--checkpoint", folder_ + "/checkpoint"});
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  std::string profile_url(std::size_t user) const { return url(profiles().service_options.front().second) + user_id(Part::backlog, user); }

  void clear() {
    const auto cache = open_cache();
    CacheGroup group;
    for (const auto& [key, kind] : must(cache->keys(id()))) group.push_back({.kind = CacheWrite::Kind::erase, .cache = id(), .key = key});
    if (!group.empty()) must(std::move(cache->write({&group, 1}).front()));
  }
  std::size_t entries() const { return must(open_cache()->keys(id())).size(); }
  InstantService& service() { return service_; }

 private:
  static CacheId id() { return {"redis-meta", kDatabase}; }
  std::string url(const std::string& path) const { return fmt::format("http://127.0.0.1:{}{}", service_.port(), path); }
  std::unique_ptr<Cache> open_cache() const {
    RedisOptions options;
    options.endpoints[id().endpoint] = {.host = redis_.host, .port = redis_.port, .user = "", .password = ""};
    return make_redis_cache(options);
  }

  InstantService service_;
  const Endpoint cassandra_ = Servers::from_environment().cassandra();
  const Endpoint redis_ = Servers::from_environment().redis();
  const std::string keyspace_;
  const std::string folder_;
  std::unique_ptr<TableStore> tables_;
};

struct Options {
  std::size_t users = 100'000;
  std::size_t sample = 10'000;
  std::vector<int> in_flight{32, 128};
};

nlohmann::json measure(const Options& options) {
  Platform platform(options.users);
  const auto users = static_cast<double>(options.users);
  nlohmann::json out{{"users", options.users}};
  for (const int in_flight : options.in_flight) {
    const std::vector<std::string> calls{"--in-flight", std::to_string(in_flight)};
    nlohmann::json figures;
    for (const char* entries : {"new", "there"}) {
      const auto run = run_tool(platform.service(), platform.words("rebuild", calls));
      if (platform.entries() != options.users) throw std::runtime_error(fmt::format("{} entries for {} users", platform.entries(), options.users));
      figures[entries] = {{"users_per_s", users / (run.seconds - run.start_to_first)},
                          {"cpu_s_per_1000", run.cpu_s / users * 1000},
                          {"memory_peak_mib", run.memory_mib},
                          {"scan_s", run.start_to_first}};
    }
    figures["curl_profiles_per_s"] = curl_calls_per_s(in_flight, static_cast<std::int64_t>(options.users), [&](CURL* easy, std::int64_t user) {
      curl_easy_setopt(easy, CURLOPT_URL, platform.profile_url(static_cast<std::size_t>(user)).c_str());
    });
    const auto check =
        run_tool(platform.service(), platform.words("check", {"--in-flight", std::to_string(in_flight), "--sample", std::to_string(options.sample)}));
    figures["check"] = {{"users_per_s", static_cast<double>(options.sample) / (check.seconds - check.start_to_first)},
                        {"memory_peak_mib", check.memory_mib},
                        {"draw_s", check.start_to_first}};
    out[fmt::format("in_flight_{}", in_flight)] = std::move(figures);
    platform.clear();
  }
  return out;
}

}  // namespace
}  // namespace lernd::bench

int main(int argc, char** argv) {
  lernd::bench::Options options;
  CLI::App program("How fast `lernd cache` is on the servers of LERND_SERVICES, beside a bare curl loop");
  program.add_option("--users", options.users, "Rows of the user table")->capture_default_str();
  program.add_option("--sample", options.sample, "Users that a check draws")->capture_default_str();
  program.add_option("--in-flight", options.in_flight, "Calls of the user service at once; each is a run")->capture_default_str();
  CLI11_PARSE(program, argc, argv);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  try {
    fmt::print("{}\n", lernd::bench::measure(options).dump());
  } catch (const std::exception& error) {
    fmt::print(stderr, "lernd_cache_bench: {}\n", error.what());
    return 1;
  }
}
