#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/http/stub_server.h"
#include "app/services.h"
#include "conformance/temporary_folder.h"
#include "support/process.h"

namespace lernd {

/// How the profile service behaves.
enum class ProfileService { well, slow, resets, broken, garbage, trickles, lies };

/// Audit events of some users, a profile service in this process, and the `lernd` program to run user-cache-updater over them, on the real Kafka and Redis.
/// What it made is removed with it.
class ProfileWorld {
 public:
  /// As they lie in the cache, by key.
  using Entries = std::map<std::string, std::vector<std::pair<std::string, std::string>>>;

  ProfileWorld(std::uint64_t seed, std::size_t users, std::size_t events);
  ~ProfileWorld();
  ProfileWorld(const ProfileWorld&) = delete;
  ProfileWorld& operator=(const ProfileWorld&) = delete;

  /// Starts `lernd run … --until-end` and `more` words into a cache database, as a consumer group of this name.
  Process start(const std::string& group, int database, const std::vector<std::string>& more = {});
  void behave(ProfileService how) { behaviour_ = how; }
  /// Calls that the profile service got.
  std::size_t calls() const { return calls_; }
  std::size_t events() const { return events_; }

  Entries entries(int database);
  void clear(int database);
  std::size_t dead_letters(const std::string& group);

 private:
  StubReply reply(const StubRequest& request);
  std::map<std::string, std::string> settings(const std::string& group, int database) const;
  std::unique_ptr<lernd::Services> services(const std::string& group, int database) const;

  const std::string name_;
  const std::size_t events_;
  TemporaryFolder folder_;
  std::atomic<ProfileService> behaviour_ = ProfileService::well;
  std::atomic<std::size_t> calls_ = 0;
  std::unique_ptr<StubServer> server_;
  std::unique_ptr<Log> log_;
};

}  // namespace lernd
