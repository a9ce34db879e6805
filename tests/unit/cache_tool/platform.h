#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "adapters/embedded/http_stub.h"
#include "app/cache_tool/world.h"
#include "app/job_setup.h"
#include "app/services.h"
#include "conformance/temporary_folder.h"
#include "support/manual_clock.h"
#include "support/must.h"

namespace lernd::cache_tool {

using Entries = std::map<std::string, std::map<std::string, std::string>>;  ///< by key, then by field

/// A platform of users in one SQLite file: the user table, the user service and the framework service as stubs, and the cache.
class Platform {
 public:
  /// `settings` go over those of the layout, which is `bmgs` or `categories`.
  explicit Platform(const std::string& layout = "bmgs", const std::map<std::string, std::string>& settings = {});

  /// A user of the table with this answer of the service.
  void add(const std::string& id, HttpStub answer);
  /// One whose profile has parts by chance, and perhaps an old entry in the cache.
  void add_random(const std::string& id, std::mt19937_64& random);
  /// One whom the service knows, with a small profile.
  void add_plain(const std::string& id);
  /// A framework with these categories; ns_k-12 and other are there.
  void add_framework(const std::string& id, const std::vector<std::string>& codes);
  /// What `add` and its like said goes into the file.
  void settle();

  /// A copy of the whole file, for another run of the same.
  std::string copy(const std::string& name) const;
  std::string path() const { return folder_.file("platform.sqlite"); }
  std::string file(const std::string& name) const { return folder_.file(name); }
  const JobSetup& setup() const { return setup_; }
  /// The platform as words of a command line.
  std::vector<std::string> words() const;
  const std::vector<std::string>& ids() const { return ids_; }

  static HttpStub found(const nlohmann::json& profile);
  static HttpStub error(const std::string& code, const std::string& err, int status);
  static HttpStub blocked() { return error("CLIENT_ERROR", "UOS_USRRED0006", 400); }
  static HttpStub unknown() { return error("RESOURCE_NOT_FOUND", "UOS_0013", 404); }
  static HttpStub fault(HttpStub::Fault fault, int times);

  /// Puts fields into the cache.
  void put_entry(const std::string& id, const std::map<std::string, std::string>& fields);
  Entries entries() const { return entries_of(path()); }
  static Entries entries_of(const std::string& path);

  /// What the job makes of the cache when an event for each user comes: on a copy of the file.
  Entries entries_by_the_job() const;

 private:
  TemporaryFolder folder_;
  std::map<std::string, std::string> settings_;
  JobSetup setup_;
  std::vector<std::string> ids_;
  std::vector<HttpStub> stubs_;
  std::map<std::string, std::map<std::string, std::string>> stored_;
};

/// Time that passes only in waits.
class LeapingWaiter final : public bulk::Waiter {
 public:
  explicit LeapingWaiter(ManualClock& clock) : clock_(clock) {}
  bulk::Time now() override { return clock_.steady(); }
  bool wait_until(bulk::Time time, const std::stop_token& stop) override;

  std::function<void()> on_wait = [] {};
  int waits = 0;

 private:
  ManualClock& clock_;
};

/// Services of a platform with something between them and whoever uses them.
class WatchedServices final : public Services {
 public:
  explicit WatchedServices(std::unique_ptr<Services> inner) : inner_(std::move(inner)) {}

  Result<Ports> open_worker(int index) override { return inner_->open_worker(index); }
  Result<Ports> open() override;
  Result<std::unique_ptr<TableStore>> open_tables() override { return inner_->open_tables(); }
  Result<std::unique_ptr<Cache>> open_cache() override { return inner_->open_cache(); }
  Result<std::unique_ptr<HttpClient>> open_http() override { return inner_->open_http(); }
  Result<std::unique_ptr<SearchIndex>> open_search() override { return inner_->open_search(); }
  Result<std::unique_ptr<TopicAdmin>> open_topics() override { return inner_->open_topics(); }
  Result<std::unique_ptr<TableScan>> open_scan() override { return inner_->open_scan(); }
  bool embedded() const override { return true; }

  std::map<std::string, int> reads;                                               ///< calls of the user service, by id
  std::function<void()> on_http = [] {};                                          ///< before each bulk of calls
  std::function<void()> on_cache_read = [] {};                                    ///< before each bulk of reads
  std::function<void()> on_cache_write = [] {};                                   ///< before each bulk of writes
  std::function<void()> on_flush = [] {};                                         ///< before what was written becomes durable
  std::function<bool()> cache_away = [] { return false; };                        ///< then every call of the cache fails
  std::function<bool(std::string_view)> http_away = [](auto) { return false; };   ///< of a service by its short name: nobody answers there
  std::function<bool(const std::string&)> garbled = [](auto&) { return false; };  ///< then the service answers for this user with no JSON

 private:
  class Http;
  class CacheWatch;
  class Tables;
  std::unique_ptr<Services> inner_;
};

/// A command of the cache tool on a platform.
class Tool {
 public:
  explicit Tool(const Platform& platform) : Tool(platform, platform.path()) {}
  Tool(const Platform& platform, const std::string& path);

  World world();

  ManualClock clock{7};
  LeapingWaiter waiter{clock};
  WatchedServices services;
  std::stop_source stop;
  std::chrono::seconds wait_max{0};
  std::vector<std::string> warnings;
  std::vector<std::string> shown;  ///< the lines of progress

 private:
  struct Sink final : bulk::ProgressSink {
    explicit Sink(Tool& tool) : tool(tool) {}
    void begin(std::function<bulk::Progress()> now) override { look = std::move(now); }
    void moved() override { tool.shown.push_back(progress_text(look(), 10)); }
    void end() override { moved(); }
    Tool& tool;
    std::function<bulk::Progress()> look;
  };

  const JobSetup& setup_;
  Sink sink_{*this};
};

/// The lines of a file; none when it is not there.
std::multiset<std::string> lines_of(const std::string& path);

}  // namespace lernd::cache_tool
