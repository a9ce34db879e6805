#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>

namespace lernd {

/// SIGTERM and SIGINT as a stop request. The first asks for a stop; a second one, or a drain that takes longer than `drain_max`, ends the process at once with
/// `early_exit_code`. What is not committed then belongs to the next start.
///
/// Make it before any other thread: it blocks the signals in the calling thread and in all that are started from there. The destructor lets them through again.
class StopSignals {
 public:
  /// For `early_exit_code`: 128 and the number of the first signal, as shells count.
  static constexpr int kExitBySignal = -1;

  /// `on_stop` is called from a thread of this object, once.
  StopSignals(std::chrono::milliseconds drain_max, int early_exit_code, std::function<void()> on_stop);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  std::stop_token token() const;
  /// The number of the first signal; 0 when none came.
  int signal() const;
  /// Asks for a stop from within; not followed by an early exit.
  void stop();

 private:
  struct Watcher;
  std::unique_ptr<Watcher> watcher_;
};

}  // namespace lernd
