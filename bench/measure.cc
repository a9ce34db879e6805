#include "measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <stdexcept>
#include <thread>

#include "app/progress_view.h"
#include "output_watch.h"
#include "subject.h"

namespace lernd::bench {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr auto kLookEvery = 20ms;
constexpr auto kFirstLookEvery = 5ms;
constexpr std::size_t kMemoryLooks = 10;

double seconds_between(SteadyClock::time_point from, SteadyClock::time_point to) { return std::chrono::duration<double>(to - from).count(); }

/// The value below which `share` of the values lie.
double quantile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

class Measurement {
 public:
  Measurement(World& world, const std::string& command, std::chrono::seconds patience)
      : world_(world),
        patience_(patience),
        audits_(world.option("kafka.broker-servers"), world.option("kafka.output.audit.topic")),
        certificates_(world.option("kafka.broker-servers"), world.option("kafka.output.certissue.topic")),
        subject_(world, command) {}

  Figures run() {
    await_first();
    await_all();
    check();
    if (world_.load().idle_events > 0) measure_idle();
    if (const int code = subject_.stop(); code != 0) throw std::runtime_error(fmt::format("the process under test answered SIGTERM with exit code {}", code));
    return figures_;
  }

 private:
  /// Fails when `done` has not changed for too long.
  void note_progress(std::int64_t done) {
    const auto now = SteadyClock::now();
    if (done != done_) {
      done_ = done;
      moved_ = now;
    }
    if (now - moved_ > patience_) {
      throw std::runtime_error(fmt::format("nothing moved for {} s at {} of {} events; give --patience more", patience_.count(), done, world_.load().events));
    }
  }

  void await_first() {
    while (!world_.first_is_done()) {
      subject_.usage();
      note_progress(0);
      std::this_thread::sleep_for(kFirstLookEvery);
    }
    figures_.start_to_first_s = seconds_between(subject_.started(), SteadyClock::now());
  }

  /// Both outputs of every learner who has finished.
  std::size_t expected_outputs() const { return (world_.load().learners + 1) / 2 * 2; }

  /// How many events are done, as far as the outputs tell; a load with several events a learner has no outputs for most of them.
  std::int64_t events_done() {
    if (repeats()) return static_cast<std::int64_t>(world_.load().events) - world_.lag();
    const std::size_t outputs = audits_.look(kLookEvery / 2) + certificates_.look(kLookEvery / 2);
    return static_cast<std::int64_t>(outputs * world_.load().events / expected_outputs());
  }
  bool repeats() const { return world_.load().events > world_.load().learners; }

  void await_all() {
    const auto total = static_cast<std::int64_t>(world_.load().events);
    ProgressView view("events");
    const double cpu_before = subject_.usage().cpu_seconds;
    const auto begun = SteadyClock::now();
    world_.produce_rest();
    moved_ = SteadyClock::now();
    Usage usage;
    SteadyClock::time_point now;
    const auto rate = [&](std::int64_t done) { return static_cast<double>(done) / seconds_between(begun, now); };
    for (std::int64_t done = 0; done < total;) {
      if (repeats()) std::this_thread::sleep_for(kLookEvery * 5);
      done = events_done();
      now = SteadyClock::now();
      usage = subject_.usage();
      note_progress(done);
      while (static_cast<std::int64_t>(figures_.memory_bytes.size() + 1) * total <= done * static_cast<std::int64_t>(kMemoryLooks)) {
        figures_.memory_bytes.push_back(usage.memory_bytes);
      }
      view.show({.done = done, .total = total, .per_second = rate(done)}, now);
    }
    figures_.seconds = seconds_between(subject_.started(), now);
    figures_.events_per_s = rate(total);
    figures_.cpu_s_per_1000 = (usage.cpu_seconds - cpu_before) * 1000 / static_cast<double>(total);
    figures_.memory_peak_bytes = usage.memory_peak_bytes;
    view.finish({.done = total, .total = total, .per_second = figures_.events_per_s});
  }

  /// That everything is there once, and right.
  void check() {
    moved_ = SteadyClock::now();
    for (std::size_t unfinished = 1; unfinished > 0;) {
      unfinished = world_.unfinished_enrolments();
      note_progress(static_cast<std::int64_t>(unfinished));
    }
    if (const std::size_t wrong = world_.wrong_aggregates(); wrong > 0) throw std::runtime_error(fmt::format("{} aggregates are missing or wrong", wrong));
    for (const auto until = SteadyClock::now() + patience_; audits_.seen() + certificates_.seen() < expected_outputs() && SteadyClock::now() < until;) {
      audits_.look(kLookEvery);
      certificates_.look(kLookEvery);
    }
    const std::size_t half = expected_outputs() / 2;
    if (audits_.look(kLookEvery) != half || certificates_.look(kLookEvery) != half) {
      throw std::runtime_error(
          fmt::format("{} audit events and {} certificate requests came, {} of each are right", audits_.seen(), certificates_.seen(), half));
    }
    figures_.outputs = expected_outputs();
    figures_.rows = world_.load().learners * (2 + world_.load().units);
  }

  void measure_idle() {
    std::vector<double> took_ms;
    std::mt19937 random(1);
    const std::size_t before = audits_.seen();
    const std::size_t count = world_.load().idle_events;
    ProgressView view("single events");
    for (std::size_t i = 0; i < count; ++i) {
      // The topic is to be idle, and the events not in step with anything.
      std::this_thread::sleep_for(std::chrono::milliseconds(10 + random() % 30));
      const auto sent = SteadyClock::now();
      world_.produce_idle(i);
      while (audits_.seen() < before + i + 1) {
        audits_.look(100ms);
        if (SteadyClock::now() - sent > patience_) throw std::runtime_error("a single event had no output in time");
      }
      took_ms.push_back(seconds_between(sent, SteadyClock::now()) * 1000);
      view.show({.done = static_cast<std::int64_t>(i + 1), .total = static_cast<std::int64_t>(count)}, SteadyClock::now());
    }
    figures_.idle_p50_ms = quantile(took_ms, 0.5);
    figures_.idle_p99_ms = quantile(took_ms, 0.99);
  }

  World& world_;
  const std::chrono::seconds patience_;
  OutputWatch audits_;
  OutputWatch certificates_;
  Subject subject_;
  Figures figures_;
  std::int64_t done_ = -1;
  SteadyClock::time_point moved_ = SteadyClock::now();
};

}  // namespace

Figures measure(World& world, const std::string& command, std::chrono::seconds patience) {
  world.produce_first();
  return Measurement(world, command, patience).run();
}

}  // namespace lernd::bench
