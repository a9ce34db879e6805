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
constexpr auto kPositionsEvery = 50ms;
constexpr auto kFirstLookEvery = 5ms;
constexpr auto kIdleLookEvery = 1ms;
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
      : world_(world), patience_(patience), items_(items_of(world)), topics_(topics_of(world, items_)), subject_(world, command) {
    for (const Expected& topic : topics_) outputs_ += topic.records;
  }

  Figures run() {
    await_first();
    await_all();
    check();
    if (size().idle_events > 0) measure_idle();
    subject_.stop();
    return figures_;
  }

 private:
  /// An output topic, and how many records about items of the backlog it must have in the end.
  struct Expected {
    std::unique_ptr<OutputWatch> watch;
    std::size_t records = 0;
  };

  static std::vector<World::Item> items_of(const World& world) {
    std::vector<World::Item> items;
    for (std::size_t item = 0; item < world.size().learners; ++item) {
      if (world.size().rounds(item) > 0) items.push_back({item, world.size().rounds(item)});
    }
    return items;
  }

  static std::vector<Expected> topics_of(const World& world, const std::vector<World::Item>& items) {
    std::vector<Expected> topics;
    for (const Outputs& one : world.load().outputs(Part::backlog, 0, 0)) {
      topics.push_back({std::make_unique<OutputWatch>(world.option("kafka.broker-servers"), world.option(std::string(one.topic_option)))});
    }
    for (const World::Item& item : items) {
      const auto outputs = world.load().outputs(Part::backlog, item.number, item.rounds);
      for (std::size_t i = 0; i < topics.size(); ++i) topics[i].records += outputs[i].records;
    }
    return topics;
  }

  const Size& size() const { return world_.size(); }

  /// Fails when `done` has not changed for too long.
  void note_progress(std::int64_t done) {
    if (!moves(done)) {
      throw std::runtime_error(fmt::format("nothing moved for {} s at {} of {} events; give --patience more", patience_.count(), done, size().events));
    }
  }

  bool moves(std::int64_t done) {
    const auto now = SteadyClock::now();
    if (done != done_) {
      done_ = done;
      moved_ = now;
    }
    return now - moved_ <= patience_;
  }

  void await_first() {
    const Findings wanted = world_.load().after(Part::backlog, 0, 1);
    while (!world_.finds(wanted)) {
      subject_.usage();
      note_progress(0);
      std::this_thread::sleep_for(kFirstLookEvery);
    }
    figures_.start_to_first_s = seconds_between(subject_.started(), SteadyClock::now());
  }

  std::size_t look(std::chrono::milliseconds wait) {
    std::size_t seen = 0;
    for (Expected& topic : topics_) seen += topic.watch->look(wait / static_cast<int>(topics_.size()));
    return seen;
  }

  bool outputs_tell() const { return outputs_ > 0 && size().events <= size().learners; }

  /// How many events are done.
  std::int64_t events_done() {
    if (outputs_tell()) return static_cast<std::int64_t>(look(kLookEvery) * size().events / outputs_);
    std::this_thread::sleep_for(kPositionsEvery);
    return static_cast<std::int64_t>(size().events) - world_.lag();
  }

  void await_all() {
    const auto total = static_cast<std::int64_t>(size().events);
    ProgressView view("events");
    const double cpu_before = subject_.usage().cpu_seconds;
    const auto begun = SteadyClock::now();
    world_.produce_rest();
    moved_ = SteadyClock::now();
    Usage usage;
    SteadyClock::time_point now;
    // The first event was done before.
    const auto rate = [&](std::int64_t done) { return static_cast<double>(std::max<std::int64_t>(done - 1, 0)) / seconds_between(begun, now); };
    for (std::int64_t done = 0; done < total;) {
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
    figures_.cpu_s_per_1000 = (usage.cpu_seconds - cpu_before) * 1000 / static_cast<double>(total - 1);
    figures_.memory_peak_bytes = usage.memory_peak_bytes;
    view.finish({.done = total, .total = total, .per_second = figures_.events_per_s});
  }

  /// That everything is there once, and right.
  void check() {
    moved_ = SteadyClock::now();
    std::string what;
    for (auto open = items_; !(open = world_.unfinished(Part::backlog, open, what)).empty();) {
      if (moves(-static_cast<std::int64_t>(open.size()))) continue;
      throw std::runtime_error(fmt::format("rows or keys of {} of {} items are missing or wrong, among them {}", open.size(), items_.size(), what));
    }
    for (const World::Item& item : items_) figures_.rows += world_.load().after(Part::backlog, item.number, item.rounds).size();
    if (topics_.empty()) return;
    await_positions();
    for (std::size_t seen = look(kLookEvery); seen < outputs_ && moves(static_cast<std::int64_t>(seen));) seen = look(kLookEvery);
    look(kLookEvery);
    for (std::size_t i = 0; i < topics_.size(); ++i) check_outputs(*topics_[i].watch, i, topics_[i].records);
    figures_.outputs = outputs_;
  }

  /// An output that comes twice may come late, but not behind the position of its event. A program that commits none is not waited for without end.
  void await_positions() {
    moved_ = SteadyClock::now();
    for (std::int64_t lag = world_.lag(); lag > 0 && moves(lag); lag = world_.lag()) std::this_thread::sleep_for(kPositionsEvery);
    moved_ = SteadyClock::now();
  }

  void check_outputs(const OutputWatch& watch, std::size_t index, std::size_t expected) const {
    const auto wrong = std::ranges::count_if(items_, [&](const World::Item& item) {
      return watch.about(Part::backlog, item.number) != world_.load().outputs(Part::backlog, item.number, item.rounds)[index].records;
    });
    if (wrong == 0 && watch.seen() == expected && watch.strange() == 0) return;
    throw std::runtime_error(fmt::format("{} records came on topic {}, {} are right; {} items have too many or too few, and {} records are about no item",
                                         watch.seen() + watch.strange(), watch.topic(), expected, wrong, watch.strange()));
  }

  bool idle_is_done(std::size_t item, const Findings& wanted) {
    if (outputs_ == 0) {
      std::this_thread::sleep_for(kIdleLookEvery);
      return world_.finds(wanted);
    }
    const auto expected = world_.load().outputs(Part::idle, item, 1);
    for (std::size_t i = 0; i < topics_.size(); ++i) {
      while (topics_[i].watch->about(Part::idle, item) < expected[i].records) {
        const std::size_t before = topics_[i].watch->about(Part::idle, item);
        topics_[i].watch->look(100ms);
        if (topics_[i].watch->about(Part::idle, item) == before) return false;
      }
    }
    return true;
  }

  void measure_idle() {
    std::vector<double> took_ms;
    std::mt19937 random(1);
    const std::size_t count = size().idle_events;
    ProgressView view("single events");
    for (std::size_t i = 0; i < count; ++i) {
      // The topic is to be idle, and the events not in step with anything.
      std::this_thread::sleep_for(std::chrono::milliseconds(10 + random() % 30));
      const Findings wanted = outputs_ == 0 ? world_.load().after(Part::idle, i, 1) : Findings();
      const auto sent = SteadyClock::now();
      world_.produce_idle(i);
      while (!idle_is_done(i, wanted)) {
        if (SteadyClock::now() - sent > patience_) throw std::runtime_error("a single event was not done in time");
      }
      took_ms.push_back(seconds_between(sent, SteadyClock::now()) * 1000);
      view.show({.done = static_cast<std::int64_t>(i + 1), .total = static_cast<std::int64_t>(count)}, SteadyClock::now());
    }
    figures_.idle_p50_ms = quantile(took_ms, 0.5);
    figures_.idle_p99_ms = quantile(took_ms, 0.99);
  }

  World& world_;
  const std::chrono::seconds patience_;
  std::vector<World::Item> items_;  ///< of the backlog, those with an event
  std::vector<Expected> topics_;    ///< in the order of Load::outputs
  std::size_t outputs_ = 0;
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
