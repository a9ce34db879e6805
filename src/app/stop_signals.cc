#include "app/stop_signals.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <thread>

namespace lernd {

struct StopSignals::Watcher {
  sigset_t signals{};
  sigset_t former{};
  int signal_fd = -1;
  int end_fd = -1;
  std::stop_source stop;
  std::thread thread;
  std::atomic<int> first_signal{0};

  /// Waits for a signal; false when the object ends or the time is over, which `timed_out` then says.
  bool wait(int timeout_ms, bool& timed_out) {
    std::array<pollfd, 2> watched{{{signal_fd, POLLIN, 0}, {end_fd, POLLIN, 0}}};
    int ready = -1;
    do {
      ready = ::poll(watched.data(), watched.size(), timeout_ms);
    } while (ready < 0 && errno == EINTR);
    timed_out = ready == 0;
    if (ready <= 0 || (watched[1].revents & POLLIN) != 0) return false;
    signalfd_siginfo info{};
    if (::read(signal_fd, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return false;
    int none = 0;
    first_signal.compare_exchange_strong(none, static_cast<int>(info.ssi_signo));
    return true;
  }
};

StopSignals::StopSignals(std::chrono::milliseconds drain_max, int early_exit_code, std::function<void()> on_stop) : watcher_(std::make_unique<Watcher>()) {
  sigemptyset(&watcher_->signals);
  sigaddset(&watcher_->signals, SIGTERM);
  sigaddset(&watcher_->signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &watcher_->signals, &watcher_->former);
  watcher_->signal_fd = ::signalfd(-1, &watcher_->signals, SFD_CLOEXEC);
  watcher_->end_fd = ::eventfd(0, EFD_CLOEXEC);
  watcher_->thread = std::thread([watcher = watcher_.get(), drain_max, early_exit_code, on_stop = std::move(on_stop)] {
    bool timed_out = false;
    if (!watcher->wait(-1, timed_out)) return;
    on_stop();
    watcher->stop.request_stop();
    if (watcher->wait(static_cast<int>(drain_max.count()), timed_out) || timed_out) {
      std::_Exit(early_exit_code == kExitBySignal ? 128 + watcher->first_signal : early_exit_code);
    }
  });
}

StopSignals::~StopSignals() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(watcher_->end_fd, &one, sizeof one);
  watcher_->thread.join();
  ::close(watcher_->signal_fd);
  ::close(watcher_->end_fd);
  pthread_sigmask(SIG_SETMASK, &watcher_->former, nullptr);
}

std::stop_token StopSignals::token() const { return watcher_->stop.get_token(); }
int StopSignals::signal() const { return watcher_->first_signal; }
void StopSignals::stop() { watcher_->stop.request_stop(); }

}  // namespace lernd
