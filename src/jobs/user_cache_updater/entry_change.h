#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/ask.h"
#include "core/plan.h"
#include "jobs/user_cache_updater/profile.h"

namespace lernd::user_cache_updater {

/// What becomes of one entry of the cache, by one write after the other, as one change of it.
///
/// Stored values are only looked at for whether they are empty; nobody reads anything else out of them. Source: user-cache-updater.md section 6.
class EntryChange {
 public:
  /// `stored` are the fields that matter of the entry as it is, and outlives this.
  EntryChange(const Options& options, const CacheValue& stored) : options_(options), stored_(stored) {}

  /// Removes what a profile that gives these fields no longer has: the removable fields and, by the layout, those of the framework. Empty ones stay.
  void remove_stale(const Fields& fields);
  void put(const Fields& fields);

  bool any() const { return !put_.empty(); }
  /// The one write that does it all.
  CacheWrite write(const std::string& user_id) const;

 private:
  bool may_go(const std::string& field) const;

  const Options& options_;
  const CacheValue& stored_;
  Fields put_;
  std::set<std::string> dropped_;
};

/// The question for the fields that `EntryChange` must know.
CacheQuery stored_query(const Options& options, const std::string& user_id);

}  // namespace lernd::user_cache_updater
