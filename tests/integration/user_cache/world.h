#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "adapters/cassandra/cassandra_store.h"
#include "adapters/http/stub_server.h"
#include "conformance/redis_server.h"
#include "conformance/temporary_folder.h"
#include "support/process.h"
#include "support/services.h"

namespace lernd {

/// Users in a table of the real Cassandra, a user service in this process, a Redis server of its own with a password, and `lernd cache` to run over them. Some
/// users are blocked, some unknown to the service, and some have an old entry. What it made is removed with it.
class UserCacheWorld {
 public:
  using Fields = std::map<std::string, std::string>;
  using Entries = std::map<std::string, Fields>;  ///< by user

  explicit UserCacheWorld(int users);
  /// Fails the running test when something of a person, or the password, stood in an output or a file that `keep` saw.
  ~UserCacheWorld();
  UserCacheWorld(const UserCacheWorld&) = delete;
  UserCacheWorld& operator=(const UserCacheWorld&) = delete;

  /// `lernd cache <verb>` over all users of the table, or those of `--ids`.
  Command command(const std::string& verb, const std::vector<std::string>& more = {}) const;
  /// Runs it to its end.
  Finished cache(const std::string& verb, const std::vector<std::string>& more = {});
  /// Looks at what a process has said so far, and at the files it has left.
  void keep(const std::string& said);

  const std::vector<std::string>& users() const { return users_; }
  /// Those who have a profile.
  const std::vector<std::string>& readable() const { return readable_; }
  /// A file in the folder that the program works in.
  std::string file(const std::string& name) const { return work_.file(name); }
  std::string write_ids(const std::string& name, const std::vector<std::string>& ids) const;
  /// The lines of such a file; none when it is not there.
  std::multiset<std::string> lines(const std::string& name) const;

  Entries entries() const;
  /// What must be there when all users were rebuilt.
  const Entries& rebuilt() const { return rebuilt_; }
  /// Who must be left out then, as the list says it.
  const std::multiset<std::string>& left_out() const { return left_out_; }
  void put(const std::string& user, const Fields& fields, std::vector<std::string> drop = {}) const;
  void erase(const std::string& user) const;

  /// How long the user service takes for an answer.
  void answer_after(std::chrono::milliseconds delay) { delay_ = delay; }
  /// How often it was asked, by user, and in all.
  std::map<std::string, int> reads() const;
  int calls() const { return calls_; }
  RedisServer& redis() { return redis_; }

 private:
  void add_user(int number);
  void make_table();
  void write_config() const;
  StubReply reply(const StubRequest& request);
  std::unique_ptr<Cache> open_cache() const;
  void write(CacheWrite change) const;

  const std::string keyspace_;
  TemporaryFolder settings_;
  TemporaryFolder work_;
  RedisServer redis_;
  const Endpoint cassandra_ = Servers::from_environment().cassandra();
  std::unique_ptr<TableStore> tables_;
  std::vector<std::string> users_;
  std::vector<std::string> readable_;
  std::map<std::string, StubReply> answers_;  ///< by user
  Entries old_;
  Entries rebuilt_;
  std::multiset<std::string> left_out_;
  std::string seen_;
  std::atomic<std::chrono::milliseconds> delay_{std::chrono::milliseconds(0)};
  std::atomic<int> calls_ = 0;
  mutable std::mutex mutex_;  ///< guards `reads_`
  std::map<std::string, int> reads_;
  std::unique_ptr<StubServer> service_;
};

}  // namespace lernd
