#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <thread>

namespace lernd {

/// An HTTP service on a free loopback port that is no limit of what it measures: one thread, kept connections, status 200 for every request, with the body that
/// a function of its path and body says, at once or after a delay that no request waits for another in.
class InstantService {
 public:
  using Answer = std::function<std::string(std::string_view path, std::string_view body)>;

  /// `answer` is called from the thread of the service.
  explicit InstantService(Answer answer, std::chrono::milliseconds delay = {});
  ~InstantService();
  InstantService(const InstantService&) = delete;
  InstantService& operator=(const InstantService&) = delete;

  int port() const { return port_; }
  std::int64_t requests() const { return requests_; }
  /// When the first request was there, since the call of `forget`; zero when there was none.
  std::chrono::steady_clock::time_point first() const { return first_; }
  void forget();

 private:
  using Time = std::chrono::steady_clock::time_point;

  void serve();
  void accept_peer();
  void receive(int peer);
  void close_peer(int peer);
  void send_due();
  int wait_ms() const;

  const Answer answer_;
  const std::chrono::milliseconds delay_;
  int listener_;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<std::int64_t> requests_{0};
  std::atomic<Time> first_{};
  std::map<int, std::string> peers_;                          ///< what came and is not yet a whole request
  std::multimap<Time, std::pair<int, std::string>> replies_;  ///< not yet due
  std::thread thread_;
};

}  // namespace lernd
