#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "kafka_member.h"
#include "kafka_producer.h"

namespace lernd {
namespace {

Result<std::unique_ptr<KafkaProducer>> open_producer(const KafkaOptions& options) {
  return KafkaProducer::open(options, options.transactional ? ClientRole::transactional : ClientRole::producer);
}

class KafkaEventLog final : public EventLog {
 public:
  KafkaEventLog(KafkaOptions options, std::unique_ptr<KafkaMember> member, std::unique_ptr<KafkaProducer> producer)
      : options_(std::move(options)), member_(std::move(member)), producer_(std::move(producer)) {}
  ~KafkaEventLog() override { close(); }
  KafkaEventLog(const KafkaEventLog&) = delete;
  KafkaEventLog& operator=(const KafkaEventLog&) = delete;

  Result<Polled> poll(const PollLimits& limits) override;
  void pause(std::span<const TopicPartition> partitions) override { member_->pause(partitions); }
  void resume(std::span<const TopicPartition> partitions) override { member_->resume(partitions); }
  Result<void> commit(std::span<const OutputRecord> outputs, std::span<const Position> positions) override;
  bool commits_beside() const override { return true; }
  Result<std::vector<Progress>> progress() override { return member_->progress(options_.request_timeout); }
  void close() override;
  void wake() override { member_->wake(); }

 private:
  Result<void> require_producer();
  Result<void> settle(const Deadline& deadline);
  Result<bool> already_committed(std::span<const Position> positions);
  Result<void> transact(std::span<const OutputRecord> outputs, std::span<const Position> positions, const Deadline& deadline);
  Error refined(Error error, std::span<const Position> positions) const;

  const KafkaOptions options_;
  const std::unique_ptr<KafkaMember> member_;
  std::unique_ptr<KafkaProducer> producer_;  // null after it failed, until it is needed again
  std::vector<Position> in_doubt_;           // of a transaction whose end was not heard
  std::vector<Position> committed_;          // of such a transaction that turned out to be committed: the caller does not know yet
  bool closed_ = false;
};

Result<Polled> KafkaEventLog::poll(const PollLimits& limits) {
  if (producer_) producer_->serve();
  if (producer_ && options_.transactional) {
    // Goes on in the background. What a killed process with this id left open blocks the positions it was about to move, until it times out or this is done.
    const auto started = producer_->start_transactions(Deadline(std::chrono::milliseconds(0)));
    if (!started && started.error().treatment == Treatment::fatal) {
      producer_.reset();
      return std::unexpected(started.error());
    }
  }
  return member_->poll(limits);
}

Result<void> KafkaEventLog::commit(std::span<const OutputRecord> outputs, std::span<const Position> positions) {
  const Deadline deadline(options_.request_timeout * 3);
  if (auto owned = member_->require_owned(positions); !owned) return owned;
  if (auto settled = settle(deadline); !settled) return settled;
  const auto done = already_committed(positions);
  if (!done) return std::unexpected(done.error());
  if (*done) return {};
  if (options_.transactional && !outputs.empty()) return transact(outputs, positions, deadline);
  if (!outputs.empty()) {
    if (auto ready = require_producer(); !ready) return ready;
    if (auto sent = producer_->send(outputs, RD_KAFKA_PARTITION_UA, deadline); !sent) {
      producer_.reset();
      return sent;
    }
  }
  auto committed = member_->commit(positions, Deadline(options_.request_timeout));
  return committed ? committed : std::unexpected(refined(committed.error(), positions));
}

Result<void> KafkaEventLog::transact(std::span<const OutputRecord> outputs, std::span<const Position> positions, const Deadline& deadline) {
  if (auto ready = require_producer(); !ready) return ready;
  GroupMetadataHandle membership;
  if (!positions.empty()) {
    auto found = member_->membership();
    if (!found) return std::unexpected(refined(found.error(), positions));
    membership = std::move(*found);
  }
  // The rest of the time is for finding out how it ended, should that not be heard.
  auto done = producer_->transact(outputs, positions, membership.get(), Deadline(options_.request_timeout));
  if (done) return {};
  auto& fault = done.error();
  producer_.reset();
  if (!fault.outcome_known) {
    in_doubt_.assign(positions.begin(), positions.end());
    const auto found = settle(deadline) ? already_committed(positions) : false;
    if (found && *found) return {};
  }
  return std::unexpected(refined(std::move(fault.error), positions));
}

Result<void> KafkaEventLog::require_producer() {
  if (!producer_) {
    auto producer = open_producer(options_);
    if (!producer) return std::unexpected(producer.error());
    producer_ = std::move(*producer);
  }
  if (!options_.transactional) return {};
  auto started = producer_->start_transactions(Deadline(options_.request_timeout));
  if (!started) producer_.reset();
  return started;
}

/// Finds out how the transaction in doubt ended: with all of its positions committed, or with none.
Result<void> KafkaEventLog::settle(const Deadline& deadline) {
  if (in_doubt_.empty()) return {};
  // A new producer with the same id makes the coordinator end the old transaction, one way or the other, before it answers.
  if (auto ready = require_producer(); !ready) return ready;
  std::vector<TopicPartition> sources;
  for (const auto& each : in_doubt_) sources.push_back(each.source);
  const auto committed = member_->committed(sources, deadline);
  if (!committed) return std::unexpected(committed.error());
  for (std::size_t i = 0; i < in_doubt_.size(); ++i) {
    if ((*committed)[i] == in_doubt_[i].next) committed_.push_back(in_doubt_[i]);
  }
  in_doubt_.clear();
  return {};
}

/// True when these positions, and the outputs with them, were committed by a call that reported an error.
Result<bool> KafkaEventLog::already_committed(std::span<const Position> positions) {
  const auto known = [&](const Position& position) { return std::ranges::find(committed_, position) != committed_.end(); };
  const auto count = std::ranges::count_if(positions, known);
  if (count > 0 && count < std::ssize(positions)) {
    // Which of the outputs are there already cannot be told apart from here.
    return fail(Treatment::retry, ErrorCode::unavailable,
                "Kafka: a transaction turned out to be committed; its positions must be committed again by themselves");
  }
  std::erase_if(committed_,
                [&](const Position& old) { return std::ranges::any_of(positions, [&](const Position& position) { return position.source == old.source; }); });
  return count > 0;
}

/// `fenced` only when a partition has gone; otherwise the group is in motion, or the producer was replaced, and the call can be repeated.
Error KafkaEventLog::refined(Error error, std::span<const Position> positions) const {
  if (error.code != ErrorCode::fenced) return error;
  if (auto owned = member_->require_owned(positions); !owned) return owned.error();
  error.code = ErrorCode::unavailable;
  return error;
}

void KafkaEventLog::close() {
  if (std::exchange(closed_, true)) return;
  producer_.reset();
  member_->leave(Deadline(options_.request_timeout));
}

}  // namespace

Result<std::unique_ptr<EventLog>> make_kafka_event_log(const KafkaOptions& options, const std::string& topic, const std::string& group) {
  auto producer = open_producer(options);
  if (!producer) return std::unexpected(producer.error());
  auto member = KafkaMember::open(options, topic, group);
  if (!member) return std::unexpected(member.error());
  return std::make_unique<KafkaEventLog>(options, std::move(*member), std::move(*producer));
}

}  // namespace lernd
