#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/services.h"
#include "conformance/temporary_folder.h"
#include "integration/course_family/model.h"
#include "support/process.h"

namespace lernd::family {

enum class Backend { file, services };

/// A keyspace, topics and groups for the four course jobs, on a SQLite file or the real services, and the one process that runs them all.
///
/// Removes what it made. Its Redis databases are one for all worlds, so two must not work at the same time.
class World {
 public:
  explicit World(Backend backend);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// The rows the services around the jobs write, and the hierarchies of the courses.
  void write(const State& start, const std::vector<Course>& courses);
  void produce(const std::vector<Message>& messages);

  /// All four jobs in one process, until what is in their topics now is done.
  Process start() const;

  /// What is there now.
  State state();
  /// Bodies on the failed and dead-letter topics.
  std::vector<std::string> failures();

 private:
  std::vector<std::string> words(const char* command, const char* job) const;
  std::vector<Record> read(const std::string& topic);
  Rows rows(const char* table, std::vector<std::string> columns);

  const TemporaryFolder folder_;
  const std::string name_;
  std::map<std::string, std::string> set_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<lernd::Services> services_;
  std::unique_ptr<TopicAdmin> topics_;
};

}  // namespace lernd::family
