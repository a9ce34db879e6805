#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/kafka/kafka_log.h"
#include "app/services.h"
#include "load.h"
#include "ports/clock.h"
#include "support/services.h"

namespace lernd::bench {

/// The load on real services, with a keyspace, topics and a consumer group of its own, which go with the object.
class World {
 public:
  /// Fills Cassandra and Redis and makes the topics; the input topic is still empty. `set` goes into the configuration file and overrides what stands there.
  /// `limit_learners` rows are added for the driver limit.
  World(const Servers& servers, const Load& load, std::map<std::string, std::string> set, std::size_t limit_learners);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  const Load& load() const { return load_; }
  const demo::Course& course() const { return course_; }
  const std::filesystem::path& folder() const { return folder_; }
  /// The Flink job's configuration file for this world.
  std::filesystem::path config() const { return folder_ / "job.conf"; }
  const std::string& option(const std::string& name) const { return values_.text(name); }
  const OptionValues& values() const { return values_; }

  /// Puts the request of the first learner on the input topic, and later all others of the backlog.
  void produce_first() { produce(0, 1); }
  void produce_rest() { produce(1, load_.events); }
  /// Puts the request of one idle learner there.
  void produce_idle(std::size_t index);

  /// True when the first learner's enrolment was brought up to date.
  bool first_is_done();
  /// How many learners of the backlog do not have the enrolment row they must have in the end.
  std::size_t unfinished_enrolments();
  /// How many of their aggregates are missing or wrong.
  std::size_t wrong_aggregates();
  /// Requests whose positions the group has not committed yet; as last seen when Kafka does not answer.
  std::int64_t lag();

 private:
  void create();
  void fill(Learners kind, std::size_t count);
  void produce(std::size_t begin, std::size_t end);
  void write(const std::vector<RowGroup>& groups);
  Rows read_all(const std::string& table_option, std::vector<std::string> columns);

  Load load_;
  demo::Course course_;
  std::filesystem::path folder_;
  const JobDescription& job_;
  OptionValues values_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<lernd::Services> services_;
  std::unique_ptr<Clock> clock_;
  Ports ports_;
  std::unique_ptr<TopicAdmin> topics_;
  std::unique_ptr<EventLog> group_;  ///< only asked for the group's standing; never joins
  std::int64_t lag_ = 0;
};

}  // namespace lernd::bench
