#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "adapters/embedded/connection.h"

namespace lernd::embedded {

/// One member of a consumer group on one topic: its row in `lernd_member`.
///
/// The rows alone decide who owns what: partition p belongs to the member at place p mod n in the order of names. A member that was not seen for `kLease`, or
/// whose process has ended, is deleted by whoever notices first; it finds out at its next poll or commit. Every change of rows needs the write lock of the
/// file, so nobody loses a partition while its transaction is open.
class Membership {
 public:
  static constexpr std::chrono::milliseconds kLease{10000};
  /// How often a member shows that it is there, and looks whether the others are.
  static constexpr std::chrono::milliseconds kRenewal{1000};

  Membership(SqliteConnection& connection, std::string group, std::string topic);

  struct Standing {
    bool evicted = false;  ///< others had taken this member for gone; it has joined anew
    std::vector<std::int32_t> partitions;
  };
  /// Joins, or shows that this member is still there, and says what it owns out of `partitions`.
  Result<Standing> refresh(std::int32_t partitions);

  /// What it owns by the rows as they are. For the check inside a committing transaction.
  Result<std::vector<std::int32_t>> owned(std::int32_t partitions);

  Result<void> leave();

 private:
  Result<bool> renew();
  Result<void> evict_gone(std::int64_t now);

  SqliteConnection& connection_;
  std::string group_;
  std::string topic_;
  std::string name_;
  bool joined_ = false;
  std::chrono::steady_clock::time_point renewed_;
};

}  // namespace lernd::embedded
