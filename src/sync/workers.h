#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "bulk/pace.h"
#include "core/error.h"
#include "ports/clock.h"
#include "ports/http_client.h"
#include "sync/ledger.h"
#include "sync/wait_board.h"

namespace lernd::sync {

/// Sends all blocks that are left.
struct Work {
  const Options& options;
  const std::string& run_id;
  const bulk::File& list;
  const bulk::Intervals& done;  ///< as it was at the start
  Ledger& ledger;
  bulk::Waiter& waiter;
  Clock& clock;
  WaitBoard& board;
  std::function<std::unique_ptr<HttpClient>()> make_client;
  std::function<void(const std::string&)> warn;
  std::function<void()> on_block;  ///< after each block; from any worker
  std::stop_token stop;
};

/// Runs the workers until no block is left or a stop is due. The reason of a stop from within, empty for none.
///
/// Errors: those of the files.
Result<std::string> send_all(const Work& work);

}  // namespace lernd::sync
