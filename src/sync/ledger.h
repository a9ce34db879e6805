#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bulk/files.h"
#include "bulk/pace.h"
#include "core/error.h"
#include "sync/answer.h"
#include "sync/body.h"
#include "sync/checkpoint.h"
#include "sync/log_record.h"
#include "sync/options.h"
#include "sync/secrets.h"

namespace lernd::sync {

/// What a run counts. Source: sync.md section 7.
struct Totals {
  std::int64_t ids = 0;
  std::int64_t done_before = 0;
  std::int64_t accepted = 0;
  std::int64_t confirmed = 0;
  std::int64_t unverified = 0;
  std::int64_t failed = 0;
  std::int64_t blocks = 0;
  std::int64_t blocks_ok = 0;
  std::int64_t blocks_failed = 0;
  std::int64_t requests = 0;
  std::int64_t retries = 0;
  std::int64_t throttled_ms = 0;
  std::map<std::string, std::map<std::string, std::int64_t>> errors;  ///< by class, then by status or code

  std::int64_t not_attempted() const { return ids - done_before - accepted - failed; }
};

/// The files of a run that is sending.
struct LogPaths {
  std::string success;
  std::string failure;
  std::string failed_ids;  ///< made when the first id fails
};

/// What was sent in one piece, and how it ended.
struct Sent {
  std::int64_t number = 0;  ///< of the block
  std::span<const bulk::Item> items;
  std::string body;
  std::string response;
  int attempts = 0;
  Verdict verdict;
};

/// Writes down how every block ends, and keeps the checkpoint. A record is in the log before the checkpoint counts its ids.
///
/// Threads: any.
/// Errors: those of the files; the run must not go on after one.
class Ledger {
 public:
  struct Parts {
    const Options& options;
    const Secrets& secrets;
    const bulk::CheckpointFile& checkpoint_file;
    LogPaths paths;
    Checkpoint checkpoint;
    std::function<Timestamp()> now;
    std::function<bulk::Time()> steady;
    std::function<void(const std::string&)> warn;
  };
  /// Makes both logs and writes the first checkpoint.
  static Result<std::unique_ptr<Ledger>> open(Parts parts);

  void count_request(bool retry);
  void count_throttled(std::chrono::milliseconds wait);
  void count_error(const Verdict& verdict);
  void count_block(bool ok);

  /// All ids of this piece were accepted. Where the API verifies, only those that its answer confirms count, and the others have failed.
  /// True when none has failed.
  Result<bool> accepted(const Sent& sent);
  Result<void> failed(const Sent& sent);

  /// Brings the checkpoint up to date.
  Result<void> save();

  Totals totals() const;
  bool has_failed_ids() const;

 private:
  explicit Ledger(Parts parts) : parts_(std::move(parts)) {}
  Result<void> write(const bulk::File& log, const Sent& sent, std::string_view error);
  Result<void> write_failed(const Sent& sent, std::string_view error);
  Result<void> mark_done(std::span<const bulk::Item> items);
  Result<void> save_now();

  const Parts parts_;
  mutable std::mutex mutex_;  ///< guards all below
  Checkpoint checkpoint_;
  bulk::File success_;
  bulk::File failure_;
  bulk::File failed_ids_;
  Totals totals_;
  bulk::Time saved_{};
  bool warned_unverified_ = false;
};

}  // namespace lernd::sync
