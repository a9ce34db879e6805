#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/facts.h"
#include "core/plan.h"
#include "jobs/activity_aggregate_updater/event.h"
#include "jobs/activity_aggregate_updater/options.h"

namespace lernd::activity_aggregate_updater {

/// Which contents of an event were counted before, and which it counts itself. Redis remembers each under its fingerprint, as the Flink job does.
///
/// Without `activity.input.dedup.enabled` no content was counted before, and none is kept. The event and the options outlive it.
/// Source: activity-aggregate-updater.md sections 3, 4.7 and 5.
class Fingerprints {
 public:
  /// Errors `fatal` where the system has no MD5.
  static Result<Fingerprints> of(const ContentsFinished& event, const Options& options);

  /// Looks up all that there are; false while one is still asked for.
  bool look_up(const Facts& facts, Ask& ask);
  /// Whether the content was counted before, or in an earlier window. Known once they were looked up.
  bool remembers(std::string_view content_id) const;
  /// The content is counted now.
  void remember(std::string_view content_id);

  /// The writes that keep what is counted now, in the order of the content ids.
  std::vector<CacheWrite> writes() const;

 private:
  enum class State { unknown, counted_before, counted_now };
  struct Entry {
    std::string key;
    State state = State::unknown;
  };

  explicit Fingerprints(const Options& options) : options_(&options) {}

  const Options* options_;
  std::map<std::string_view, Entry> entries_;  ///< by content id
};

}  // namespace lernd::activity_aggregate_updater
