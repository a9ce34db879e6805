#include "runtime/worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <iterator>
#include <utility>

#include "runtime/crash_point.h"
#include "runtime/outputs.h"
#include "runtime/partitions.h"
#include "runtime/processor.h"
#include "runtime/rate.h"
#include "runtime/step_timer.h"

namespace lernd {
namespace {

using namespace std::chrono_literals;

/// How often the group's standing is asked for while records flow, and while nothing comes but the end is awaited.
constexpr auto kProgressEvery = 5s;
constexpr auto kProgressEveryAtEnd = 100ms;
/// The pause after a poll that failed for a fault that may pass, and the least time between two lines about the same fault.
constexpr auto kPollAgainAfter = 500ms;
constexpr auto kFaultLineEvery = 5s;
/// How long the facts for the next batch may wait for a commit before they are asked for again.
constexpr auto kFactsKeep = 1s;
/// The least time between two lines of remarks that say the same.
constexpr auto kRemarkEvery = 60s;
/// More kinds of lines than this, and those that are due again are forgotten.
constexpr std::size_t kToldMax = 1000;

}  // namespace

class Worker::Loop {
 public:
  Loop(const Job& job, WorkerPorts ports, WorkerOptions options) : job_(job), ports_(ports), options_(std::move(options)), processor_(job_, ports_, options_) {}

  Result<void> run(std::stop_token stop);
  WorkerStatus status() const {
    const std::lock_guard lock(mutex_);
    return status_;
  }

 private:
  Result<void> rounds(const std::stop_token& stop);
  void now_doing(std::string_view part);
  Result<void> begin();
  Result<void> poll();
  Result<void> work();
  Result<void> restore(std::vector<PartitionBatch*>& batches);
  Result<void> commit_done(bool look_ahead);
  Result<void> commit(std::span<const OutputRecord> outputs, std::span<const Position> positions);
  std::vector<PartitionBatch*> ahead_of(std::span<PartitionBatch* const> done);
  void committed(std::span<PartitionBatch* const> done);
  void commit_failed(std::span<PartitionBatch* const> done, const Error& error);
  Result<void> commit_ends();
  Result<void> sweep();
  void look_at_progress();
  bool at_end() const;
  Result<void> stopped_partitions() const;
  std::optional<std::size_t> line_due(const std::string& what, RetryState::Time::duration every);
  void tell_of(const Remark& remark);
  void note_fault(const std::string& text, std::string attempt = "-");
  void fault_over();
  void publish();

  const Job& job_;
  const WorkerPorts ports_;
  const WorkerOptions options_;
  Processor processor_;
  Partitions partitions_;
  std::map<TopicPartition, Offset> targets_;  ///< where the topic ended at start, when running until the end
  std::vector<Progress> progress_;
  RetryState::Time progress_asked_{};
  struct Told {
    RetryState::Time due{};
    std::size_t left_out = 0;  ///< since the last line
  };
  std::map<std::string, Told> told_;  ///< by what a line says
  bool idle_ = false;                 ///< the last poll brought no record
  Rate rate_;

  mutable std::mutex mutex_;
  WorkerStatus status_;
};

Result<void> Worker::Loop::run(std::stop_token stop) {
  const std::stop_callback wake(stop, [this] { ports_.events.wake(); });
  auto result = rounds(stop);
  now_doing("");
  return result;
}

Result<void> Worker::Loop::rounds(const std::stop_token& stop) {
  now_doing("asking where its group stands");
  if (auto begun = begin(); !begun) return begun;
  while (!stop.stop_requested()) {
    now_doing("waiting for records");
    if (auto polled = poll(); !polled) return polled;
    now_doing("committing records");
    if (auto result = commit_done(ports_.events.commits_beside()); !result) return result;
    now_doing("working on records");
    if (auto worked = work(); !worked) return worked;
    publish();
    if (partitions_.all_stopped() || (options_.until_end && at_end())) break;
  }
  now_doing("leaving its group");
  if (auto result = commit_done(false); !result) return result;
  if (auto swept = sweep(); !swept) note_fault(swept.error().text);
  publish();
  ports_.events.close();
  return stopped_partitions();
}

void Worker::Loop::now_doing(std::string_view part) {
  const std::lock_guard lock(mutex_);
  status_.doing = part;
  status_.since = ports_.clock.steady();
}

Result<void> Worker::Loop::begin() {
  auto progress = ports_.events.progress();
  if (!progress) {
    // Without the standing at start there is no end to run until; otherwise it is only for show.
    if (options_.until_end || progress.error().treatment == Treatment::fatal) return std::unexpected(std::move(progress).error());
    return {};
  }
  progress_ = *std::move(progress);
  std::int64_t waiting = 0;
  for (const Progress& one : progress_) {
    targets_[one.source] = one.end;
    waiting += one.lag();
  }
  const std::lock_guard lock(mutex_);
  status_.records_at_start = waiting;
  return {};
}

Result<void> Worker::Loop::poll() {
  const StepTimer timer(ports_, options_.job, "poll");
  PollLimits limits = options_.poll;
  limits.wait = partitions_.wait(ports_.clock.steady(), limits.wait);
  auto polled = ports_.events.poll(limits);
  if (!polled) {
    if (polled.error().treatment == Treatment::fatal) return std::unexpected(std::move(polled).error());
    note_fault(polled.error().text);
    ports_.clock.sleep(kPollAgainAfter);
    return {};
  }
  for (const TopicPartition& source : polled->revoked) processor_.journal().forget(source);
  partitions_.take(*polled, ports_.clock.steady());
  if (auto done = commit_ends(); !done) return done;
  idle_ = polled->batches.empty();
  if (!partitions_.any_waiting()) fault_over();
  return idle_ ? sweep() : Result<void>();
}

/// Goes on with everything that is due until it is done, put off, or stopped.
Result<void> Worker::Loop::work() {
  for (auto due = partitions_.due(ports_.clock.steady()); !due.empty(); due = partitions_.due(ports_.clock.steady())) {
    if (auto restored = restore(due); !restored) return restored;
    if (due.empty()) break;
    if (auto stepped = processor_.step(due); !stepped) return stepped;
    for (const auto& [text, attempts] : processor_.faults())
      note_fault(text, attempts == 0 ? "waiting for the service" : fmt::format("{} of {}", attempts, options_.retry.attempts_max));
  }
  if (partitions_.any_waiting()) {
    // What is applied of batches that wait must outlive this process together with its journal entry.
    if (auto flushed = ports_.tables.flush(); !flushed && flushed.error().treatment == Treatment::fatal) return flushed;
  }
  ports_.events.pause(partitions_.to_pause());
  ports_.events.resume(partitions_.to_resume());
  return {};
}

/// Gives batches their items, and leaves out those that cannot have them yet.
Result<void> Worker::Loop::restore(std::vector<PartitionBatch*>& batches) {
  for (PartitionBatch* batch : batches) {
    if (batch->restored) continue;
    const auto must_reach = processor_.restore(*batch, partitions_.reached_end(batch->source));
    if (!must_reach) {
      if (must_reach.error().treatment != Treatment::retry) return std::unexpected(must_reach.error());
      note_fault(must_reach.error().text);
      batch->due = ports_.clock.steady() + options_.retry.delay_initial;
    } else if (*must_reach) {
      partitions_.collect_until(batch->source, **must_reach);
    } else {
      partitions_.restored(batch->source);
    }
  }
  std::erase_if(batches, [](const PartitionBatch* batch) { return !batch->restored; });
  return {};
}

/// Commits what is done. Meanwhile the facts for what comes next may be asked for: all that it builds on is written, and it is written itself only afterwards.
Result<void> Worker::Loop::commit_done(bool look_ahead) {
  const auto done = partitions_.done(ports_.clock.steady());
  if (done.empty()) return {};
  std::vector<OutputRecord> outputs;
  std::vector<Position> positions;
  for (PartitionBatch* batch : done) {
    std::ranges::move(outputs_of(*batch, options_), std::back_inserter(outputs));
    positions.push_back({batch->source, batch->last().next()});
  }
  Result<void> looked;
  Result<void> result;
  if (auto ahead = look_ahead ? ahead_of(done) : std::vector<PartitionBatch*>(); ahead.empty()) {
    result = commit(outputs, positions);
  } else {
    const auto begun = ports_.clock.steady();
    auto committing = std::async(std::launch::async, [&] { return commit(outputs, positions); });
    looked = restore(ahead);
    if (looked) looked = processor_.look_ahead(ahead);
    result = committing.get();
    // Others write to the tables too, so facts must not grow old.
    if (ports_.clock.steady() - begun > kFactsKeep) reopen(ahead);
  }
  if (result) {
    committed(done);
  } else if (result.error().treatment == Treatment::fatal) {
    return result;
  } else {
    commit_failed(done, result.error());
  }
  return looked;
}

Result<void> Worker::Loop::commit(std::span<const OutputRecord> outputs, std::span<const Position> positions) {
  crash_point("before-commit");
  const StepTimer timer(ports_, options_.job, "commit");
  const auto result = ports_.events.commit(outputs, positions);
  if (result) crash_point("after-commit");
  return result;
}

/// What is to be worked on once `done` is committed.
std::vector<PartitionBatch*> Worker::Loop::ahead_of(std::span<PartitionBatch* const> done) {
  const auto now = ports_.clock.steady();
  auto ahead = partitions_.due(now);
  std::ranges::copy(partitions_.next(done, now), std::back_inserter(ahead));
  return ahead;
}

void Worker::Loop::committed(std::span<PartitionBatch* const> done) {
  const auto now = ports_.clock.steady();
  for (PartitionBatch* batch : done) {
    const Counts counts = counts_of(*batch, job_);
    for (const auto& [name, n] : counts.all()) ports_.metrics.count(options_.job, name, n);
    for (const SkippedRecord& skipped : batch->skipped) {
      for (const Remark& remark : skipped.leaves.remarks) tell_of(remark);
      if (skipped.skip.dead_letter) ports_.metrics.dead_letter(options_.job, skipped.skip.error.code);
    }
    for (const WorkItem& item : batch->items) {
      if (item.error) ports_.metrics.dead_letter(options_.job, item.error->code);
      for (const Remark& remark : item.plan.remarks) tell_of(remark);
    }
    ports_.metrics.batch_done(options_.job, batch->records.size(), std::chrono::duration<double>(now - batch->begun).count());
    rate_.add(batch->records.size(), now);
    processor_.journal().finished(batch->source, batch->first());
    const std::lock_guard lock(mutex_);
    status_.records_done += batch->records.size();
  }
  for (PartitionBatch* batch : done) partitions_.finished(batch->source, now);
}

void Worker::Loop::commit_failed(std::span<PartitionBatch* const> done, const Error& error) {
  note_fault(error.text);
  const auto now = ports_.clock.steady();
  for (PartitionBatch* batch : done) {
    partitions_.take_back(batch->source);
    ports_.metrics.retried(options_.job, error.code);
    // A large record that is bad must not stop its partition because it does not fit the dead-letter topic.
    if (error.code == ErrorCode::oversized_record && !std::exchange(batch->short_letters, true)) continue;
    batch->stopped = !batch->commit_retry.failed(options_.retry, now);
    batch->due = now + batch->commit_retry.delay(options_.retry, ports_.clock.random()[0]);
  }
}

/// Where a partition ends behind records that are no records of ours (transaction markers, or a group that starts at the end), its position is moved there, so
/// that lag is what is left to do.
Result<void> Worker::Loop::commit_ends() {
  const std::vector<Position> positions = partitions_.ends_behind_position();
  if (positions.empty()) return {};
  const auto result = ports_.events.commit({}, positions);
  if (result) {
    for (const Position& position : positions) partitions_.moved(position);
  } else if (result.error().treatment == Treatment::fatal) {
    return result;
  }
  return {};
}

Result<void> Worker::Loop::sweep() {
  if (processor_.journal().has_finished()) {
    auto swept = processor_.journal().sweep();
    if (swept) swept = ports_.tables.flush();
    if (!swept) {
      if (swept.error().treatment == Treatment::fatal) return swept;
      note_fault(swept.error().text);
    }
  }
  return {};
}

void Worker::Loop::look_at_progress() {
  const auto now = ports_.clock.steady();
  const bool ending = options_.until_end && idle_;
  if (now - progress_asked_ < (ending ? std::chrono::milliseconds(kProgressEveryAtEnd) : std::chrono::milliseconds(kProgressEvery))) return;
  progress_asked_ = now;
  if (auto progress = ports_.events.progress()) progress_ = *std::move(progress);
  for (const Progress& one : progress_) ports_.metrics.lag(options_.job, one.source, one.lag());
}

bool Worker::Loop::at_end() const {
  if (partitions_.any_open()) return false;
  return std::ranges::all_of(progress_, [&](const Progress& one) {
    const auto target = targets_.find(one.source);
    return target == targets_.end() || partitions_.stopped(one.source) || one.lag() <= one.end.value - target->second.value;
  });
}

Result<void> Worker::Loop::stopped_partitions() const {
  const auto stopped = partitions_.stopped();
  if (stopped.empty()) return {};
  return fail(
      Treatment::retry, ErrorCode::unavailable,
      fmt::format("{} of {} stopped after {} attempts: {}; nothing is lost, start again once the cause is mended, or set lernd.on_exhausted = dead-letter",
                  stopped.size() == 1 ? "1 partition" : fmt::format("{} partitions", stopped.size()), stopped.front().topic, options_.retry.attempts_max,
                  status().last_error));
}

/// How many lines that say the same were left out, when the next one may be written. Without that a course with a hundred thousand learners, or a service that
/// is away, would fill the log.
std::optional<std::size_t> Worker::Loop::line_due(const std::string& what, RetryState::Time::duration every) {
  const auto now = ports_.clock.steady();
  if (told_.size() > kToldMax) std::erase_if(told_, [&](const auto& told) { return told.second.due <= now; });
  Told& told = told_[what];
  if (now < told.due) {
    ++told.left_out;
    return std::nullopt;
  }
  told.due = now + every;
  return std::exchange(told.left_out, 0);
}

void Worker::Loop::tell_of(const Remark& remark) {
  const auto level = remark.warning ? LogLevel::warning : LogLevel::info;
  if (remark.audit) {
    ports_.log.write(level, remark.what, {{"job", options_.job}, {"about", remark.about}});
  } else if (const auto left_out = line_due(remark.what, kRemarkEvery)) {
    ports_.log.write(level, remark.what, {{"job", options_.job}, {"about", remark.about}, {"left_out", fmt::format("{}", *left_out)}});
  }
}

void Worker::Loop::note_fault(const std::string& text, std::string attempt) {
  {
    const std::lock_guard lock(mutex_);
    status_.last_error = text;
    status_.waiting_for_service = true;
  }
  if (const auto left_out = line_due(text, kFaultLineEvery)) {
    ports_.log.write(LogLevel::warning, "a step failed",
                     {{"job", options_.job}, {"fault", text}, {"attempt", std::move(attempt)}, {"left_out", fmt::format("{}", *left_out)}});
  }
}

void Worker::Loop::fault_over() {
  const std::lock_guard lock(mutex_);
  status_.waiting_for_service = false;
}

void Worker::Loop::publish() {
  look_at_progress();
  const std::lock_guard lock(mutex_);
  status_.partitions.clear();
  for (const Progress& one : progress_) {
    if (!partitions_.has(one.source)) continue;
    status_.partitions.push_back({one.source, partitions_.lag(one), partitions_.waits(one.source), partitions_.stopped(one.source)});
  }
  status_.records_per_second = rate_.per_second(ports_.clock.steady());
}

Worker::Worker(const Job& job, WorkerPorts ports, WorkerOptions options) : loop_(std::make_unique<Loop>(job, ports, std::move(options))) {}
Worker::~Worker() = default;
Result<void> Worker::run(std::stop_token stop) { return loop_->run(std::move(stop)); }
WorkerStatus Worker::status() const { return loop_->status(); }

}  // namespace lernd
