#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "adapters/kafka/kafka_log.h"
#include "app/services.h"
#include "instant_service.h"
#include "load.h"
#include "ports/clock.h"
#include "support/services.h"

namespace lernd::bench {

/// A load on real services, with a keyspace, topics and a consumer group of its own, which go with the object. So do search indices, whose names are the job's.
/// Keys in Redis stay; no other run has the same.
class World {
 public:
  /// Fills the stores and makes the topics; the input topic is still empty. `set` goes into the configuration file and overrides what stands there.
  /// `limit_items` items are added for the driver limit. Throws when the servers already have a search index of the job.
  World(const Servers& servers, const LoadKind& kind, const Size& size, std::map<std::string, std::string> set, std::size_t limit_items);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  const Load& load() const { return *load_; }
  const Size& size() const { return size_; }
  const JobDescription& job() const { return job_; }
  std::size_t limit_items() const { return limit_items_; }
  const std::filesystem::path& folder() const { return folder_; }
  /// The Flink job's configuration file for this world.
  std::filesystem::path config() const { return folder_ / "job.conf"; }
  const std::string& option(const std::string& name) const { return values_.text(name); }
  const OptionValues& values() const { return values_; }
  Clock& clock() { return *clock_; }
  Ports& ports() { return ports_; }

  /// Puts the first event on the input topic, and later all others of the backlog.
  void produce_first() { produce(0, 1); }
  void produce_rest() { produce(1, size_.events); }
  /// Puts the event of one idle item there.
  void produce_idle(std::size_t item);

  /// Those of the items that are not yet as so many events must have left them. `what` then names something that is missing or wrong.
  struct Item {
    std::size_t number = 0;
    std::size_t rounds = 1;
  };
  std::vector<Item> unfinished(Part part, const std::vector<Item>& items, std::string& what);
  /// Whether all of it is there. It is cheap to ask again and again.
  bool finds(const Findings& findings);
  /// Events whose positions the group has not committed yet; as last seen when Kafka does not answer.
  std::int64_t lag();

 private:
  void create();
  void fill(Part part, std::size_t count);
  void put(const Stock& stock);
  /// Of each of them whether it is there, all asked for at once.
  std::vector<bool> found(std::span<const Findings> expected, std::string& what);
  void produce(std::size_t begin, std::size_t end);

  const Size size_;
  std::unique_ptr<InstantService> service_;  ///< null for a job that calls none
  const std::size_t limit_items_;
  std::filesystem::path folder_;
  const JobDescription& job_;
  OptionValues values_;
  std::vector<TableUse> tables_;
  std::unique_ptr<Load> load_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<lernd::Services> services_;
  std::unique_ptr<Clock> clock_;
  Ports ports_;
  std::vector<std::string> indices_;  ///< that were made here
  std::unique_ptr<TopicAdmin> topics_;
  std::unique_ptr<EventLog> group_;  ///< only asked for the group's standing; never joins
  std::int64_t lag_ = 0;
};

}  // namespace lernd::bench
