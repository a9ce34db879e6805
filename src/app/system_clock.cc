#include "app/system_clock.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <random>
#include <thread>

namespace lernd {
namespace {

class SystemClock final : public Clock {
 public:
  SystemClock() {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device(), device(), device(), device(), device()};
    generator_.seed(seed);
  }

  Timestamp now() override { return {us() / 1000}; }

  WriteTime write_time() override {
    const std::int64_t time = us();
    std::int64_t last = last_write_.load();
    std::int64_t next = 0;
    do {
      next = std::max(time, last + 1);
    } while (!last_write_.compare_exchange_weak(last, next));
    return {next};
  }

  std::chrono::steady_clock::time_point steady() override { return std::chrono::steady_clock::now(); }

  void sleep(std::chrono::milliseconds duration) override { std::this_thread::sleep_for(duration); }

  std::array<std::uint64_t, 2> random() override {
    const std::scoped_lock lock(mutex_);
    return {generator_(), generator_()};
  }

 private:
  static std::int64_t us() { return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count(); }

  std::atomic<std::int64_t> last_write_{0};
  std::mutex mutex_;  ///< guards `generator_`
  std::mt19937_64 generator_;
};

}  // namespace

std::unique_ptr<Clock> make_system_clock() { return std::make_unique<SystemClock>(); }

}  // namespace lernd
