#include "adapters/embedded/embedded_event_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "adapters/embedded/connection.h"
#include "adapters/embedded/membership.h"
#include "adapters/embedded/topics.h"

namespace lernd::embedded {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

/// How often a waiting poll looks into the file. Other processes write there, so nothing could wake it.
constexpr std::chrono::milliseconds kLook{5};

/// A wait that another thread can cut short. A call of `wake` that finds nobody waiting is kept for the next wait.
class Alarm {
 public:
  void ring() {
    const std::lock_guard lock(mutex_);
    rung_ = true;
    changed_.notify_all();
  }
  /// True when it rang.
  bool wait_until(SteadyTime time) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, time, [&] { return rung_; });
    return std::exchange(rung_, false);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool rung_ = false;
};

class EmbeddedEventLog final : public EventLog {
 public:
  EmbeddedEventLog(std::shared_ptr<EmbeddedDatabase> database, EmbeddedLogOptions options)
      : database_(std::move(database)),
        options_(std::move(options)),
        topics_(database_->connection()),
        membership_(database_->connection(), options_.group, options_.topic) {}
  ~EmbeddedEventLog() override { close(); }

  Result<Polled> poll(const PollLimits& limits) override;
  void pause(std::span<const TopicPartition> partitions) override { set_paused(partitions, true); }
  void resume(std::span<const TopicPartition> partitions) override { set_paused(partitions, false); }
  Result<void> commit(std::span<const OutputRecord> outputs, std::span<const Position> positions) override;
  Result<std::vector<Progress>> progress() override;
  void close() override;
  void wake() override { alarm_.ring(); }

 private:
  struct Assigned {
    Offset next;                      ///< of the next record to hand out
    std::optional<Offset> committed;  ///< as this member knows it
    bool paused = false;
    bool end_told = false;  ///< whether `Polled::ends` has said that nothing is left before `next`
  };

  TopicPartition source(std::int32_t partition) const { return {options_.topic, partition}; }
  SqliteConnection& connection() { return database_->connection(); }
  void set_paused(std::span<const TopicPartition> partitions, bool paused);

  Result<void> follow_assignment();
  Result<Assigned> start(std::int32_t partition);
  void revoke(std::int32_t partition);
  Result<void> read(const PollLimits& limits);
  Result<void> read(std::int32_t partition, Assigned& assigned, const PollLimits& limits);
  bool full(const PollLimits& limits) const { return records_ >= limits.records || bytes_ >= limits.bytes; }
  bool anything_to_tell() const;

  Result<void> check_ownership(std::span<const Position> positions);

  std::shared_ptr<EmbeddedDatabase> database_;
  EmbeddedLogOptions options_;
  Topics topics_;
  Membership membership_;
  Alarm alarm_;
  std::map<std::int32_t, Assigned> assigned_;
  std::set<std::int32_t> lost_;  ///< found fenced by a commit; the next poll revokes them
  std::int32_t first_ = 0;       ///< the partition that the next read begins with, so that none waits behind a busy one for ever
  bool closed_ = false;

  /// What the next successful poll will hand out. It outlives a failed one, so no record is passed over.
  Polled pending_;
  std::size_t records_ = 0;
  std::size_t bytes_ = 0;
};

void EmbeddedEventLog::set_paused(std::span<const TopicPartition> partitions, bool paused) {
  for (const TopicPartition& each : partitions) {
    const auto found = assigned_.find(each.partition);
    if (each.topic == options_.topic && found != assigned_.end()) found->second.paused = paused;
  }
}

Result<Polled> EmbeddedEventLog::poll(const PollLimits& limits) {
  const SteadyTime deadline = std::chrono::steady_clock::now() + limits.wait;
  for (;;) {
    if (const auto followed = follow_assignment(); !followed) return std::unexpected(followed.error());
    if (const auto taken = read(limits); !taken) return std::unexpected(taken.error());
    const SteadyTime now = std::chrono::steady_clock::now();
    if (anything_to_tell() || now >= deadline || alarm_.wait_until(std::min(deadline, now + kLook))) break;
  }
  // More may be on its way: go on as long as every pause brings some.
  while (records_ > 0 && !full(limits)) {
    const std::size_t before = records_;
    if (alarm_.wait_until(std::chrono::steady_clock::now() + limits.linger)) break;
    if (const auto taken = read(limits); !taken) return std::unexpected(taken.error());
    if (records_ == before || std::chrono::steady_clock::now() >= deadline) break;
  }
  records_ = 0;
  bytes_ = 0;
  return std::exchange(pending_, {});
}

bool EmbeddedEventLog::anything_to_tell() const {
  return !pending_.batches.empty() || !pending_.assigned.empty() || !pending_.revoked.empty() || !pending_.ends.empty();
}

Result<void> EmbeddedEventLog::follow_assignment() {
  const auto partitions = topics_.partitions_of(options_.topic);
  if (!partitions) return std::unexpected(partitions.error());
  const auto standing = membership_.refresh(*partitions);
  if (!standing) return std::unexpected(standing.error());

  const std::set<std::int32_t> mine(standing->partitions.begin(), standing->partitions.end());
  std::vector<std::int32_t> gone;
  for (const auto& [partition, state] : assigned_) {
    if (standing->evicted || lost_.contains(partition) || !mine.contains(partition)) gone.push_back(partition);
  }
  for (const std::int32_t partition : gone) revoke(partition);
  lost_.clear();
  // One poll never says of the same partition that it went and that it came.
  if (!gone.empty()) return {};
  for (const std::int32_t partition : mine) {
    if (assigned_.contains(partition)) continue;
    const auto begun = start(partition);
    if (!begun) return std::unexpected(begun.error());
    assigned_.emplace(partition, *begun);
    pending_.assigned.push_back(source(partition));
  }
  return {};
}

Result<EmbeddedEventLog::Assigned> EmbeddedEventLog::start(std::int32_t partition) {
  const auto committed = topics_.committed(options_.group, source(partition));
  if (!committed) return std::unexpected(committed.error());
  if (*committed) return Assigned{.next = **committed, .committed = *committed};
  const auto bounds = topics_.bounds(source(partition));
  if (!bounds) return std::unexpected(bounds.error());
  return Assigned{.next = options_.reset == EmbeddedLogOptions::Reset::earliest ? bounds->begin : bounds->end, .committed = std::nullopt};
}

void EmbeddedEventLog::revoke(std::int32_t partition) {
  const TopicPartition gone = source(partition);
  assigned_.erase(partition);
  std::erase_if(pending_.batches, [&](const RecordBatch& batch) { return batch.source == gone; });
  std::erase_if(pending_.ends, [&](const Position& end) { return end.source == gone; });
  // Nobody was told that it came: nothing to take back.
  if (std::erase(pending_.assigned, gone) == 0) pending_.revoked.push_back(gone);
}

Result<void> EmbeddedEventLog::read(const PollLimits& limits) {
  std::vector<std::int32_t> order;
  for (const auto& [partition, state] : assigned_) order.push_back(partition);
  std::ranges::rotate(order, std::ranges::lower_bound(order, first_));
  for (const std::int32_t partition : order) {
    Assigned& assigned = assigned_.at(partition);
    if (assigned.paused) continue;
    if (full(limits)) {
      first_ = partition;
      return {};
    }
    if (const auto taken = read(partition, assigned, limits); !taken) return taken;
  }
  return {};
}

Result<void> EmbeddedEventLog::read(std::int32_t partition, Assigned& assigned, const PollLimits& limits) {
  std::vector<Record> records;
  bool ended = true;
  SqlCursor rows = topics_.records(source(partition), assigned.next, limits.records - records_);
  std::size_t bytes = bytes_;
  while (rows.next()) {
    bytes += Topics::bytes_at(rows);
    // Whatever the limit, a poll that would bring nothing takes one record: otherwise a large one would never be read.
    if (bytes > limits.bytes && records_ + records.size() > 0) {
      ended = false;
      break;
    }
    auto record = Topics::record_at(rows);
    if (!record) return std::unexpected(record.error());
    records.push_back(std::move(*record));
  }
  if (const auto read = rows.end(); !read) return read;
  if (records_ + records.size() >= limits.records) ended = false;  // perhaps; the next poll sees

  if (!records.empty()) {
    for (const Record& record : records) bytes_ += record.bytes();
    records_ += records.size();
    assigned.next = records.back().offset.next();
    assigned.end_told = false;
    std::erase_if(pending_.ends, [&](const Position& end) { return end.source == source(partition); });
    const auto batch = std::ranges::find(pending_.batches, source(partition), &RecordBatch::source);
    if (batch == pending_.batches.end()) {
      pending_.batches.push_back({source(partition), std::move(records)});
    } else {
      std::ranges::move(records, std::back_inserter(batch->records));
    }
  }
  if (ended && !assigned.end_told) {
    assigned.end_told = true;
    pending_.ends.push_back({source(partition), assigned.next});
  }
  return {};
}

Result<void> EmbeddedEventLog::check_ownership(std::span<const Position> positions) {
  if (positions.empty()) return {};
  const auto partitions = topics_.partitions_of(options_.topic);
  if (!partitions) return std::unexpected(partitions.error());
  const auto mine = membership_.owned(*partitions);
  if (!mine) return std::unexpected(mine.error());
  std::set<std::int32_t> fenced;
  for (const Position& position : positions) {
    const std::int32_t partition = position.source.partition;
    const auto known = assigned_.find(partition);
    const bool assigned = position.source.topic == options_.topic && known != assigned_.end() && std::ranges::find(*mine, partition) != mine->end();
    const auto committed = topics_.committed(options_.group, position.source);
    if (!committed) return std::unexpected(committed.error());
    // Somebody else may have owned it for a while and given it back: then its position has moved.
    if (!assigned || *committed != known->second.committed) fenced.insert(partition);
  }
  if (fenced.empty()) return {};
  lost_.insert(fenced.begin(), fenced.end());
  return fail(Treatment::retry, ErrorCode::fenced, fmt::format("partition {} of topic {} has another owner now", *fenced.begin(), options_.topic));
}

Result<void> EmbeddedEventLog::commit(std::span<const OutputRecord> outputs, std::span<const Position> positions) {
  // A part of the open transaction, if there is one: a failure leaves what other ports wrote.
  const auto added = connection().atomically([&]() -> Result<void> {
    if (const auto owner = check_ownership(positions); !owner) return owner;
    if (const auto appended = topics_.append(outputs, -1); !appended) return appended;
    for (const Position& position : positions) {
      if (const auto moved = topics_.move(options_.group, position.source, position.next); !moved) return moved;
    }
    return {};
  });
  if (!added) return added;
  if (const auto committed = connection().commit(); !committed) return committed;
  for (const Position& position : positions) assigned_.at(position.source.partition).committed = position.next;
  return {};
}

Result<std::vector<Progress>> EmbeddedEventLog::progress() {
  const auto partitions = topics_.partitions_of(options_.topic);
  if (!partitions) return std::unexpected(partitions.error());
  std::vector<Progress> all;
  for (std::int32_t partition = 0; partition < *partitions; ++partition) {
    const auto committed = topics_.committed(options_.group, source(partition));
    if (!committed) return std::unexpected(committed.error());
    const auto bounds = topics_.bounds(source(partition));
    if (!bounds) return std::unexpected(bounds.error());
    all.push_back({.source = source(partition), .committed = *committed, .begin = bounds->begin, .end = bounds->end});
  }
  return all;
}

void EmbeddedEventLog::close() {
  if (std::exchange(closed_, true)) return;
  // What is open belongs to records that were not committed: it is the next owner's to do again.
  connection().rollback();
  // When even this cannot be written, the others notice that this member no longer polls.
  (void)membership_.leave();
}

}  // namespace
}  // namespace lernd::embedded

namespace lernd {

std::unique_ptr<EventLog> make_embedded_event_log(std::shared_ptr<EmbeddedDatabase> database, EmbeddedLogOptions options) {
  return std::make_unique<embedded::EmbeddedEventLog>(std::move(database), std::move(options));
}

}  // namespace lernd
