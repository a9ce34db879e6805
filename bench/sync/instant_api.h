#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

namespace lernd {

/// A Sync API on a free loopback port that accepts every block at once: one thread, kept connections, no look at the body. So it is no limit of what it
/// measures.
class InstantApi {
 public:
  InstantApi();
  ~InstantApi();
  InstantApi(const InstantApi&) = delete;
  InstantApi& operator=(const InstantApi&) = delete;

  int port() const { return port_; }
  std::int64_t requests() const { return requests_; }
  /// When the first request was there, since the call of `forget`; zero when there was none.
  std::chrono::steady_clock::time_point first() const { return first_; }
  void forget();

 private:
  void serve();

  int listener_;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<std::int64_t> requests_{0};
  std::atomic<std::chrono::steady_clock::time_point> first_{};
  std::thread thread_;
};

}  // namespace lernd
