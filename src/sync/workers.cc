#include "sync/workers.h"

#include <fmt/format.h>

#include <mutex>
#include <thread>
#include <vector>

#include "sync/body.h"
#include "sync/sender.h"

namespace lernd::sync {
namespace {

class Workers {
 public:
  explicit Workers(const Work& work)
      : work_(work), blocks_(work.list, work.done, work.options.block_size), gate_(work.options.requests_per_hour_max, std::chrono::hours(1)) {}

  Result<std::string> run() {
    const std::stop_callback forward(work_.stop, [this] { halt_.request_stop(); });
    {
      std::vector<std::jthread> threads;
      for (int i = 0; i < work_.options.concurrency; ++i) threads.emplace_back([this, i] { work(static_cast<std::size_t>(i)); });
    }
    if (error_) return std::unexpected(*error_);
    return reason_;
  }

 private:
  void work(std::size_t worker) {
    const auto client = work_.make_client();
    Sending shared{.options = work_.options,
                   .run_id = work_.run_id,
                   .ledger = work_.ledger,
                   .gate = gate_,
                   .waiter = work_.waiter,
                   .clock = work_.clock,
                   .board = work_.board,
                   .warn = work_.warn,
                   .stop = halt_.get_token()};
    Sender sender(shared, *client, worker);
    while (!halt_.stop_requested()) {
      const auto block = take();
      if (!block) break;
      const auto end = sender.send(*block);
      if (!end) {
        halt_with(end.error());
        break;
      }
      note(*end);
      work_.on_block();
    }
    // Who has gone home waits for nothing, and must not hide what the others wait for.
    work_.board.set(worker, WaitBoard::Wait{.what = {}, .until = bulk::Time::max()});
  }

  std::optional<bulk::Block> take() {
    const std::scoped_lock lock(mutex_);
    auto block = blocks_.next();
    if (block) return std::move(*block);
    halt_locked(block.error());
    return std::nullopt;
  }

  void note(BlockEnd end) {
    const std::scoped_lock lock(mutex_);
    if (end == BlockEnd::ok) failed_in_a_row_ = 0;
    if (end == BlockEnd::given_up) ++failed_in_a_row_;
    if (end == BlockEnd::fatal && !work_.options.continue_on_fatal) {
      stop_for("an answer that every block would get (sunbird_sync_on_fatal=continue goes on)");
    } else if (work_.options.failed_blocks_max > 0 && failed_in_a_row_ >= work_.options.failed_blocks_max) {
      stop_for(fmt::format("{} blocks in a row failed (sunbird_sync_failed_blocks_max)", failed_in_a_row_));
    }
  }

  void stop_for(std::string reason) {
    if (reason_.empty()) reason_ = std::move(reason);
    halt_.request_stop();
  }

  void halt_with(const Error& error) {
    const std::scoped_lock lock(mutex_);
    halt_locked(error);
  }

  void halt_locked(const Error& error) {
    if (!error_) error_ = error;
    halt_.request_stop();
  }

  const Work& work_;
  std::mutex mutex_;  ///< guards all below but `halt_` and `gate_`
  bulk::BlockReader blocks_;
  bulk::RateGate gate_;
  int failed_in_a_row_ = 0;
  std::string reason_;
  std::optional<Error> error_;
  std::stop_source halt_;
};

}  // namespace

Result<std::string> send_all(const Work& work) { return Workers(work).run(); }

}  // namespace lernd::sync
