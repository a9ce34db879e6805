#include "runtime/partitions.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace lernd {

PartitionBatch Partitions::started(const Held& held, const TopicPartition& source, std::vector<Record> records, Time now) {
  PartitionBatch batch;
  batch.source = source;
  batch.records = std::move(records);
  batch.begun = now;
  batch.read_journal = held.journal_unread;
  return batch;
}

const Partitions::Held* Partitions::find(const TopicPartition& source) const {
  const auto found = held_.find(source);
  return found == held_.end() ? nullptr : &found->second;
}

void Partitions::take(Polled& polled, Time now) {
  for (const TopicPartition& source : polled.revoked) held_.erase(source);
  for (const TopicPartition& source : polled.assigned) held_.insert_or_assign(source, Held{});
  for (RecordBatch& batch : polled.batches) {
    Held& held = held_[batch.source];
    held.end.reset();
    if (!held.batch) {
      held.batch = started(held, batch.source, std::move(batch.records), now);
      continue;
    }
    auto& target = held.must_reach ? held.batch->records : held.behind;
    std::ranges::move(batch.records, std::back_inserter(target));
  }
  for (const Position& end : polled.ends) {
    if (const auto found = held_.find(end.source); found != held_.end()) found->second.end = end.next;
  }
}

std::vector<PartitionBatch*> Partitions::due(Time now) {
  std::vector<PartitionBatch*> due;
  for (auto& [source, held] : held_) {
    if (!held.batch || held.batch->stopped || held.batch->due > now || held.batch->done()) continue;
    if (held.must_reach && held.batch->last() < *held.must_reach && !reached_end(source)) continue;
    due.push_back(&*held.batch);
  }
  return due;
}

std::vector<PartitionBatch*> Partitions::done(Time now) {
  std::vector<PartitionBatch*> done;
  for (auto& [source, held] : held_) {
    if (held.batch && !held.batch->stopped && held.batch->due <= now && held.batch->done()) done.push_back(&*held.batch);
  }
  return done;
}

std::vector<PartitionBatch*> Partitions::next(std::span<PartitionBatch* const> done, Time now) {
  std::vector<PartitionBatch*> next;
  for (const PartitionBatch* batch : done) {
    Held& held = held_[batch->source];
    if (held.behind.empty()) continue;
    held.next = started(held, batch->source, std::exchange(held.behind, {}), now);
    next.push_back(&*held.next);
  }
  return next;
}

void Partitions::take_back(const TopicPartition& source) {
  Held& held = held_[source];
  if (held.next) held.behind = std::move(held.next->records);
  held.next.reset();
}

std::chrono::milliseconds Partitions::wait(Time now, std::chrono::milliseconds wait) const {
  for (const auto& [source, held] : held_) {
    if (!held.batch || held.batch->stopped || held.must_reach) continue;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(held.batch->due - now);
    wait = std::clamp(left, std::chrono::milliseconds(0), wait);
  }
  return wait;
}

bool Partitions::reached_end(const TopicPartition& source) const {
  const Held* held = find(source);
  return held != nullptr && held->must_reach && held->end && *held->must_reach < *held->end;
}

void Partitions::restored(const TopicPartition& source) {
  Held& held = held_[source];
  held.journal_unread = false;
  held.must_reach.reset();
}

void Partitions::collect_until(const TopicPartition& source, Offset last) { held_[source].must_reach = last; }

void Partitions::finished(const TopicPartition& source, Time now) {
  Held& held = held_[source];
  held.position = held.batch->last().next();
  auto follower = std::exchange(held.next, std::nullopt);
  if (!follower && !held.behind.empty()) follower = started(held, source, std::exchange(held.behind, {}), now);
  held.batch = std::move(follower);  // last: `source` may be a part of the old one
}

std::vector<Position> Partitions::ends_behind_position() const {
  std::vector<Position> ends;
  for (const auto& [source, held] : held_) {
    if (held.end && !held.batch && (!held.position || *held.position < *held.end)) ends.push_back({source, *held.end});
  }
  return ends;
}

void Partitions::moved(const Position& position) { held_[position.source].position = position.next; }

bool Partitions::any_open() const {
  return std::ranges::any_of(held_, [](const auto& entry) { return entry.second.batch && !entry.second.batch->stopped; });
}

bool Partitions::any_waiting() const {
  return std::ranges::any_of(held_, [](const auto& entry) { return entry.second.batch && !entry.second.batch->stopped && !entry.second.batch->ready(); });
}

bool Partitions::all_stopped() const {
  return !held_.empty() && std::ranges::all_of(held_, [](const auto& entry) { return entry.second.batch && entry.second.batch->stopped; });
}

bool Partitions::stopped(const TopicPartition& source) const {
  const Held* held = find(source);
  return held != nullptr && held->batch && held->batch->stopped;
}

std::vector<TopicPartition> Partitions::stopped() const {
  std::vector<TopicPartition> stopped;
  for (const auto& [source, held] : held_) {
    if (held.batch && held.batch->stopped) stopped.push_back(source);
  }
  return stopped;
}

bool Partitions::waits(const TopicPartition& source) const {
  const Held* held = find(source);
  return held != nullptr && held->batch && !held->batch->stopped && !held->batch->ready();
}

std::int64_t Partitions::lag(const Progress& progress) const {
  const Held* held = find(progress.source);
  if (held == nullptr || !held->position) return progress.lag();
  return std::max<std::int64_t>(0, progress.end.value - held->position->value);
}

std::vector<TopicPartition> Partitions::to_pause() {
  std::vector<TopicPartition> changed;
  for (auto& [source, held] : held_) {
    if (held.paused || !held.batch || held.must_reach || held.batch->ready()) continue;
    held.paused = true;
    changed.push_back(source);
  }
  return changed;
}

std::vector<TopicPartition> Partitions::to_resume() {
  std::vector<TopicPartition> changed;
  for (auto& [source, held] : held_) {
    if (!held.paused || (held.batch && !held.must_reach && !held.batch->ready())) continue;
    held.paused = false;
    changed.push_back(source);
  }
  return changed;
}

}  // namespace lernd
