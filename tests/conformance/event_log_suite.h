#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "conformance/conformance.h"
#include "ports/event_log.h"

namespace lernd {

/// An event log under test. All objects that a backend gives work on the same topics.
class EventLogBackend {
 public:
  enum class Reset { earliest, latest };
  virtual ~EventLogBackend() = default;
  virtual std::unique_ptr<EventLog> join(const std::string& topic, const std::string& group, Reset reset) = 0;
  virtual std::unique_ptr<TopicAdmin> admin() = 0;
  /// Stops the server and starts it again; returns when it answers. Backends without a server do not run the tests that need it.
  virtual void restart() { FAIL() << "this backend has no server"; }
};

struct EventLogFactory {
  std::string name;
  std::function<std::unique_ptr<EventLogBackend>()> make;
};

inline std::ostream& operator<<(std::ostream& out, const EventLogFactory& factory) { return out << factory.name; }

/// What several polls of one member brought, put together.
struct Collected {
  std::map<std::int32_t, std::vector<Record>> records;  ///< by partition
  std::set<std::int32_t> assigned;                      ///< at the end
  std::map<std::int32_t, Offset> ends;                  ///< the last one told of each partition
  std::map<std::int32_t, Offset> last;                  ///< of the records read since the partition was assigned

  std::size_t count() const;
  std::vector<std::string> values(std::int32_t partition) const;
};

/// Two members of one group.
struct Pair {
  std::unique_ptr<EventLog> first;
  std::unique_ptr<EventLog> second;
  Collected of_first;
  Collected of_second;
};

/// What EventLog and TopicAdmin have to do, whatever is behind them. A backend joins with
/// `INSTANTIATE_TEST_SUITE_P(<Backend>, EventLogSuite, testing::Values(EventLogFactory{"<name>", make}), BackendName())`.
class EventLogSuite : public testing::TestWithParam<EventLogFactory> {
 protected:
  using Reset = EventLogBackend::Reset;

  void SetUp() override;

  /// Makes a topic that no other test uses.
  std::string new_topic(int partitions);
  std::unique_ptr<EventLog> join(const std::string& topic, const std::string& group = "group", Reset reset = Reset::earliest);
  /// Puts records with these values, without keys, into one partition.
  void produce(const std::string& topic, int partition, const std::vector<std::string>& values);
  void produce(const std::vector<OutputRecord>& records, int partition);

  /// One poll, added to `into`.
  void poll(EventLog& log, Collected& into, const PollLimits& limits = {});
  /// Polls until `done` holds; fails the test when it does not within half a minute.
  void poll_until(EventLog& log, Collected& into, const std::function<bool()>& done, const PollLimits& limits = {});
  void poll_both_until(Pair& pair, const std::function<bool()>& done);
  /// Polls until this member has read `count` records.
  Collected take(EventLog& log, std::size_t count, const PollLimits& limits = {});
  /// Everything that is committed in a partition.
  std::vector<Record> all_records(const std::string& topic, int partition = 0);
  std::vector<std::string> all_values(const std::string& topic, int partition = 0);
  /// Where the group of `log` stands in one partition.
  Progress progress_of(EventLog& log, int partition = 0);

  std::unique_ptr<EventLogBackend> backend_;
  std::unique_ptr<TopicAdmin> admin_;
};

/// A record for a topic, without a key.
OutputRecord output(const std::string& topic, const std::string& value);
/// `<stem>0`, `<stem>1`, …
std::vector<std::string> numbered(const std::string& stem, int count);
/// The position behind a record.
Position behind(const std::string& topic, std::int32_t partition, const Record& record);

}  // namespace lernd
