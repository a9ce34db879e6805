#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "bulk/pace.h"
#include "core/error.h"
#include "ports/clock.h"
#include "ports/http_client.h"
#include "sync/ledger.h"
#include "sync/wait_board.h"

namespace lernd::sync {

/// How a block ended.
enum class BlockEnd : std::uint8_t {
  ok,
  failed,     ///< retries used up, refused as too large, or not confirmed
  given_up,   ///< like `failed`, and it may be the server that is away: too many of these in a row stop the run
  fatal,      ///< the next block would meet the same
  abandoned,  ///< the stop came first
};

/// What all workers of a run share.
struct Sending {
  const Options& options;
  const std::string& run_id;
  Ledger& ledger;
  bulk::RateGate& gate;
  bulk::Waiter& waiter;
  Clock& clock;
  WaitBoard& board;
  std::function<void(const std::string&)> warn;
  std::stop_token stop;
};

/// Sends blocks one after the other, each with its retries, and keeps the pause between its requests. One worker, one thread.
///
/// Source: sync.md section 6.
class Sender {
 public:
  Sender(Sending& shared, HttpClient& client, std::size_t worker) : shared_(shared), client_(client), worker_(worker) {}

  /// Errors: those of the ledger.
  Result<BlockEnd> send(const bulk::Block& block);

 private:
  /// A piece of a block that travels by itself.
  struct Part {
    std::span<const bulk::Item> items;
    int attempts = 0;
    int retries = 0;
    int throttles = 0;
    std::chrono::milliseconds throttled{0};
    std::optional<bulk::Time> not_before;
    std::string waits_for;
    bool retry = false;
    std::optional<Sent> latest;
  };
  enum class Next : std::uint8_t { done, again, halves };

  bool wait_for_turn(Part& part);
  void attempt(const bulk::Block& block, Part& part);
  Next after_failure(Part& part);
  void retry_later(Part& part, std::chrono::milliseconds wait, std::string why);
  Result<void> finish(Part& part, const bulk::Block& block, BlockEnd& end);

  Sending& shared_;
  HttpClient& client_;
  const std::size_t worker_;
  std::optional<bulk::Time> latest_end_;
};

}  // namespace lernd::sync
