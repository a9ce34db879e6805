#include "app/job_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <thread>

namespace lernd {
namespace {

constexpr std::chrono::seconds kLineEvery{5};
constexpr std::chrono::milliseconds kFirstPause{200};
constexpr std::chrono::milliseconds kLongestPause{5000};

/// Pauses that grow, cut short by a stop.
class Pause {
 public:
  /// False when a stop was asked for.
  bool wait(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    waiting_.wait_for(lock, stop, length_, [&] { return stop.stop_requested(); });
    length_ = std::min(length_ * 2, kLongestPause);
    return !stop.stop_requested();
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any waiting_;
  std::chrono::milliseconds length_ = kFirstPause;
};

}  // namespace

JobRunner::JobRunner(const JobSetup& setup, Parts parts, bool until_end)
    : setup_(setup),
      parts_(parts),
      options_(worker_options(*setup.job, setup.values, until_end)),
      job_(setup.job->make(setup.values)),
      services_(make_services(*setup.job, setup.values, parts.log)) {
  members_.resize(static_cast<std::size_t>(setup.values.integer("lernd.workers")));
}

Findings JobRunner::check() {
  auto findings = check_services(setup_, *services_, false);
  if (!findings.away.empty()) {
    note_away(findings.away.front().text());
  } else if (findings.faults.empty()) {
    not_away();
    const std::scoped_lock lock(mutex_);
    checked_ = true;
  }
  return findings;
}

JobRunner::End JobRunner::run(std::stop_token stop) {
  End end;
  if (!wait_for_services(stop, end.faults)) return end;
  parts_.log.write(LogLevel::info, "job started", {{"job", setup_.job->name}, {"group", options_.group}, {"workers", fmt::format("{}", members_.size())}});
  std::mutex mutex;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      threads.emplace_back([&, i] {
        auto done = run_worker(static_cast<int>(i), stop);
        const std::scoped_lock lock(mutex);
        if (!done && !end.error) end.error = done.error();
      });
    }
  }
  const auto seen = view();
  parts_.log.write(LogLevel::info, "job ended", {{"job", setup_.job->name}, {"records", fmt::format("{}", seen.records_done)}});
  return end;
}

/// Checks until nothing is away. False when the job must not run: a stop, or faults.
bool JobRunner::wait_for_services(std::stop_token stop, Faults& faults) {
  Pause pause;
  while (!stop.stop_requested()) {
    {
      const std::scoped_lock lock(mutex_);
      if (checked_) return true;
    }
    if (!pause.wait(stop)) return false;
    faults = check().faults;
    if (!faults.empty()) return false;
  }
  return false;
}

void JobRunner::not_away() {
  const std::scoped_lock lock(mutex_);
  away_.clear();
}

void JobRunner::note_away(const std::string& text) {
  const auto now = std::chrono::steady_clock::now();
  {
    const std::scoped_lock lock(mutex_);
    away_ = text;
    if (now < next_line_) return;
    next_line_ = now + kLineEvery;
  }
  parts_.log.write(LogLevel::warning, "waiting for a service", {{"job", setup_.job->name}, {"fault", text}});
}

Result<Ports> JobRunner::open_ports(int index, std::stop_token stop) {
  Pause pause;
  while (true) {
    set_opening(index, parts_.clock.steady());
    auto ports = services_->open_worker(index);
    set_opening(index, std::nullopt);
    if (ports || ports.error().treatment != Treatment::retry) return ports;
    note_away(ports.error().text);
    if (!pause.wait(stop)) return ports;
  }
}

void JobRunner::set_opening(int index, std::optional<std::chrono::steady_clock::time_point> since) {
  const std::scoped_lock lock(mutex_);
  members_[static_cast<std::size_t>(index)].opening = since;
}

/// One worker until it has nothing left to do. A fault that may pass gets it new ports; one that stopped its partitions ends it.
Result<void> JobRunner::run_worker(int index, std::stop_token stop) {
  Pause pause;
  while (!stop.stop_requested()) {
    auto ports = open_ports(index, stop);
    if (!ports) return stop.stop_requested() ? Result<void>() : std::unexpected(ports.error());
    Worker& worker = take_up(index, std::move(*ports));
    auto done = worker.run(stop);
    if (done || stop.stop_requested()) return done;
    const auto status = worker.status();
    const bool stopped = std::ranges::any_of(status.partitions, &WorkerStatus::Partition::stopped);
    if (done.error().treatment != Treatment::retry || stopped) return done;
    note_away(done.error().text);
    put_down(index);
    if (!pause.wait(stop)) break;
  }
  return {};
}

Worker& JobRunner::take_up(int index, Ports ports) {
  not_away();
  const std::scoped_lock lock(mutex_);
  auto& member = members_[static_cast<std::size_t>(index)];
  member.ports = std::move(ports);
  member.worker = std::make_unique<Worker>(*job_,
                                           WorkerPorts{*member.ports.events, *member.ports.tables, *member.ports.cache, *member.ports.http, parts_.clock,
                                                       parts_.metrics, parts_.log, member.ports.search.get()},
                                           options_);
  return *member.worker;
}

void JobRunner::put_down(int index) {
  const std::scoped_lock lock(mutex_);
  auto& member = members_[static_cast<std::size_t>(index)];
  done_before_ += member.worker->status().records_done;
  member.worker.reset();
  member.ports = {};
}

JobView JobRunner::view() const {
  const std::scoped_lock lock(mutex_);
  JobView view{.job = setup_.job->name};
  view.last_error = away_;
  view.waiting_for_service = !away_.empty();
  view.records_done = done_before_;
  for (const auto& member : members_) {
    if (!member.worker) continue;
    const auto status = member.worker->status();
    for (const auto& partition : status.partitions) view.partitions.push_back({partition.source, partition.lag, partition.paused, partition.stopped});
    view.records_done += status.records_done;
    view.records_per_second += status.records_per_second;
    view.waiting_for_service = view.waiting_for_service || status.waiting_for_service;
    if (!status.last_error.empty()) view.last_error = status.last_error;
  }
  return view;
}

std::optional<std::int64_t> JobRunner::records_at_start() const {
  const std::scoped_lock lock(mutex_);
  // Each worker sees the whole topic, so one of them is enough; the first saw it first.
  for (const auto& member : members_) {
    if (!member.worker) continue;
    if (const auto waiting = member.worker->status().records_at_start) return waiting;
  }
  return std::nullopt;
}

std::string JobRunner::not_ready() const {
  const auto seen = view();
  if (seen.waiting_for_service) return fmt::format("{}: {}", seen.job, seen.last_error);
  {
    const std::scoped_lock lock(mutex_);
    if (!checked_ || std::ranges::any_of(members_, [](const Member& member) { return !member.worker; })) return fmt::format("{}: starting", seen.job);
  }
  for (const auto& partition : seen.partitions) {
    if (partition.stopped)
      return fmt::format("{}: partition {} of {} is stopped: {}", seen.job, partition.source.partition, partition.source.topic, seen.last_error);
  }
  return "";
}

std::string JobRunner::stalled() const {
  const std::chrono::milliseconds limit(setup_.values.integer("lernd.stall_limit_ms"));
  const auto now = parts_.clock.steady();
  const std::scoped_lock lock(mutex_);
  for (const auto& member : members_) {
    std::string_view doing = "opening its connections";
    auto since = member.opening;
    if (member.worker) {
      const auto status = member.worker->status();
      doing = status.doing;
      if (!doing.empty()) since = status.since;
    }
    if (!since || now - *since < limit) continue;
    return fmt::format("{}: a worker has been {} for {} s; restart the process", setup_.job->name, doing,
                       std::chrono::duration_cast<std::chrono::seconds>(now - *since).count());
  }
  return "";
}

}  // namespace lernd
