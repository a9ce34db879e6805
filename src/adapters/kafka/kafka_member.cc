#include "kafka_member.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "kafka_error.h"
#include "kafka_topics.h"

namespace lernd {
namespace {

constexpr std::chrono::milliseconds kLookForBrokers{200};
constexpr std::chrono::milliseconds kCloseSlice{10};

std::vector<TopicPartition> partitions_of(const rd_kafka_topic_partition_list_t& list) {
  std::vector<TopicPartition> partitions;
  for (const auto& each : std::span(list.elems, static_cast<std::size_t>(list.cnt))) partitions.push_back({each.topic, each.partition});
  return partitions;
}

/// The batch of a partition; records of one partition come in runs, so it is mostly the last one.
RecordBatch& batch_of(std::vector<RecordBatch>& batches, std::string_view topic, std::int32_t partition) {
  const auto found = std::find_if(batches.rbegin(), batches.rend(), [&](const auto& batch) { return batch.source.partition == partition; });
  if (found != batches.rend()) return *found;
  return batches.emplace_back(TopicPartition{std::string(topic), partition}, std::vector<Record>{});
}

void forget(Polled& polled, std::span<const TopicPartition> gone) {
  const auto is_gone = [&](const auto& each) { return std::ranges::find(gone, each.source) != gone.end(); };
  std::erase_if(polled.batches, is_gone);
  std::erase_if(polled.ends, is_gone);
}

std::string serialised(const rd_kafka_consumer_group_metadata_t& metadata) {
  void* bytes = nullptr;
  std::size_t size = 0;
  const ErrorHandle failed(rd_kafka_consumer_group_metadata_write(&metadata, &bytes, &size));
  if (failed) return {};
  std::string text(static_cast<const char*>(bytes), size);
  rd_kafka_mem_free(nullptr, bytes);
  return text;
}

}  // namespace

Result<std::unique_ptr<KafkaMember>> KafkaMember::open(const KafkaOptions& options, const std::string& topic, const std::string& group) {
  std::unique_ptr<KafkaMember> member(new KafkaMember(options, topic, group));
  auto* self = member.get();
  auto client = KafkaClient::open(options, ClientRole::member, group,
                                  {.rebalance = [self](auto event, auto* partitions) { self->rebalance(event, partitions); }, .delivered = {}});
  if (!client) return std::unexpected(client.error());
  member->client_ = std::move(*client);
  member->queue_.reset(rd_kafka_queue_get_consumer(member->client_->handle()));
  return member;
}

Result<void> KafkaMember::join() {
  if (joined_) return {};
  const PartitionsHandle topics(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(topics.get(), topic_.c_str(), RD_KAFKA_PARTITION_UA);
  const auto code = rd_kafka_subscribe(client_->handle(), topics.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return std::unexpected(client_->error(code, fmt::format("subscribing to topic {}", topic_)));
  joined_ = true;
  return {};
}

KafkaMember::~KafkaMember() = default;

Result<Polled> KafkaMember::poll(const PollLimits& limits) {
  if (auto joined = join(); !joined) return std::unexpected(joined.error());
  if (pending_) return std::unexpected(*std::exchange(pending_, std::nullopt));
  Polled polled;
  std::size_t records = 0;
  std::size_t bytes = 0;
  Deadline deadline(limits.wait);
  client_->serve();
  while (records < limits.records && bytes < limits.bytes && !pending_) {
    const MessageHandle message(rd_kafka_consumer_poll(client_->handle(), deadline.remaining_ms()));
    if (!message) break;  // nothing more in time, woken, or a rebalance, which yields
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      accept(*message, polled, bytes);
      if (++records == 1) deadline = Deadline(limits.linger);
    } else if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      polled.ends.push_back({{rd_kafka_topic_name(message->rkt), message->partition}, {message->offset}});
      deadline = Deadline(std::chrono::milliseconds(0));  // take what is there, wait for nothing
    } else {
      accept_error(*message);
    }
  }
  polled.assigned = std::exchange(assigned_, {});
  polled.revoked = std::exchange(revoked_, {});
  forget(polled, polled.revoked);
  const auto quiet = polled.batches.empty() && polled.ends.empty() && polled.assigned.empty() && polled.revoked.empty();
  if (!quiet) {
    client_->seen_alive();
    return polled;
  }
  if (client_->fault()) return std::unexpected(*client_->fault());
  if (auto found = look_for_brokers(std::max(limits.wait, kLookForBrokers)); !found) return std::unexpected(found.error());
  if (pending_) return std::unexpected(*std::exchange(pending_, std::nullopt));
  return polled;
}

void KafkaMember::accept(const rd_kafka_message_t& message, Polled& polled, std::size_t& bytes) {
  auto& batch = batch_of(polled.batches, rd_kafka_topic_name(message.rkt), message.partition);
  batch.records.push_back(record_of(message));
  bytes += batch.records.back().bytes();
}

void KafkaMember::accept_error(const rd_kafka_message_t& message) {
  switch (message.err) {
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      check_topic_ = true;
      return;
    case RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED:  // the revocation follows as a callback
      return;
    default:
      pending_ = client_->error(message.err, fmt::format("reading topic {}", topic_));
  }
}

/// When nothing came and the client said that something is wrong: asks whether it still is.
Result<void> KafkaMember::look_for_brokers(std::chrono::milliseconds wait) {
  if (!check_topic_ && !client_->brokers_down()) return {};
  const auto client = asker();
  if (!client) return std::unexpected(client.error());
  const auto partitions = partition_count(**client, topic_, Deadline(wait));
  if (!partitions) return std::unexpected(partitions.error());
  client_->seen_alive();
  if (std::exchange(check_topic_, false) && *partitions == 0) {
    return std::unexpected(kafka_error(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, fmt::format("reading topic {}", topic_)));
  }
  return {};
}

void KafkaMember::rebalance(rd_kafka_resp_err_t event, rd_kafka_topic_partition_list_t* partitions) {
  ErrorHandle failed;
  if (event == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    failed.reset(rd_kafka_incremental_assign(client_->handle(), partitions));
    take(*partitions);
  } else if (event == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
    give_back(partitions);
    failed.reset(rd_kafka_incremental_unassign(client_->handle(), partitions));
  } else {
    give_back(list_of(std::vector(owned_.begin(), owned_.end())).get());
    rd_kafka_assign(client_->handle(), nullptr);
    pending_ = client_->error(event, fmt::format("joining group {}", group_));
  }
  if (failed) pending_ = client_->error(failed.get(), fmt::format("taking over partitions in group {}", group_));
  rd_kafka_yield(client_->handle());  // so that one poll holds at most one step of a rebalance
}

void KafkaMember::take(const rd_kafka_topic_partition_list_t& partitions) {
  was_assigned_ = true;
  assigned_ = partitions_of(partitions);
  owned_.insert(assigned_.begin(), assigned_.end());
}

void KafkaMember::give_back(rd_kafka_topic_partition_list_t* partitions) {
  // The client keeps the pause over an assignment, and would begin the next one with it.
  std::vector<TopicPartition> gone = partitions_of(*partitions);
  resume(gone);
  for (const auto& each : gone) owned_.erase(each);
  revoked_ = std::move(gone);
}

void KafkaMember::pause(std::span<const TopicPartition> partitions) { set_paused(partitions, true); }
void KafkaMember::resume(std::span<const TopicPartition> partitions) { set_paused(partitions, false); }

void KafkaMember::set_paused(std::span<const TopicPartition> partitions, bool pause) {
  // To resume what is not paused would make this version of librdkafka fetch again from an old position.
  std::vector<TopicPartition> changed;
  std::ranges::copy_if(partitions, std::back_inserter(changed), [&](const auto& each) { return owned_.contains(each) && paused_.contains(each) != pause; });
  if (changed.empty()) return;
  const auto list = list_of(changed);
  if (pause) {
    rd_kafka_pause_partitions(client_->handle(), list.get());
    paused_.insert(changed.begin(), changed.end());
  } else {
    rd_kafka_resume_partitions(client_->handle(), list.get());
    for (const auto& each : changed) paused_.erase(each);
  }
}

void KafkaMember::wake() {
  const std::lock_guard lock(wake_lock_);
  if (queue_) rd_kafka_queue_yield(queue_.get());
}

Result<void> KafkaMember::require_owned(std::span<const Position> positions) const {
  const auto lost = rd_kafka_assignment_lost(client_->handle()) != 0;
  for (const auto& each : positions) {
    if (!lost && owned_.contains(each.source)) continue;
    return fail(Treatment::retry, ErrorCode::fenced,
                fmt::format("Kafka: topic {}, partition {} now belongs to another member of group {}", each.source.topic, each.source.partition, group_));
  }
  return {};
}

Result<GroupMetadataHandle> KafkaMember::membership() const {
  GroupMetadataHandle mine(rd_kafka_consumer_group_metadata(client_->handle()));
  const GroupMetadataHandle nobody(rd_kafka_consumer_group_metadata_new(group_.c_str()));
  if (mine && serialised(*mine) != serialised(*nobody)) return mine;
  return fail(Treatment::retry, ErrorCode::fenced, fmt::format("Kafka: this is no member of group {} at the moment", group_));
}

Result<void> KafkaMember::commit(std::span<const Position> positions, const Deadline& deadline) {
  if (positions.empty()) return {};
  const auto doing = fmt::format("committing positions of group {}", group_);
  const auto offsets = list_of(positions);
  // A queue of its own, so that an answer that comes too late goes nowhere and no other callback runs meanwhile.
  const QueueHandle answers(rd_kafka_queue_new(client_->handle()));
  auto code = rd_kafka_commit_queue(client_->handle(), offsets.get(), answers.get(), nullptr, nullptr);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return std::unexpected(client_->error(code, doing));
  const EventHandle answer(rd_kafka_queue_poll(answers.get(), deadline.remaining_ms()));
  if (!answer) return std::unexpected(client_->error(RD_KAFKA_RESP_ERR__TIMED_OUT, doing));
  code = rd_kafka_event_error(answer.get());
  const auto* committed = rd_kafka_event_topic_partition_list(answer.get());
  for (int i = 0; code == RD_KAFKA_RESP_ERR_NO_ERROR && committed != nullptr && i < committed->cnt; ++i) code = committed->elems[i].err;
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return std::unexpected(client_->error(code, doing));
  client_->seen_alive();
  return {};
}

Result<std::vector<std::optional<Offset>>> KafkaMember::committed(std::span<const TopicPartition> partitions, const Deadline& deadline) {
  const auto list = list_of(partitions);
  auto asked = client_->ask(deadline, fmt::format("asking for the positions of group {}", group_),
                            [&](int) { return rd_kafka_committed(client_->handle(), list.get(), deadline.remaining_ms()); });
  if (!asked) return std::unexpected(asked.error());
  std::vector<std::optional<Offset>> offsets;
  for (const auto& each : partitions) {
    const auto* found = rd_kafka_topic_partition_list_find(list.get(), each.topic.c_str(), each.partition);
    if (found == nullptr || found->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      const auto code = found == nullptr ? RD_KAFKA_RESP_ERR__BAD_MSG : found->err;
      return std::unexpected(client_->error(code, fmt::format("asking for the position of group {} in partition {}", group_, each.partition)));
    }
    offsets.push_back(found->offset < 0 ? std::nullopt : std::optional(Offset{found->offset}));
  }
  return offsets;
}

/// A client for questions. On the member's own connection an answer would wait until the fetch before it ends, a tenth of a second for each on an idle topic.
Result<KafkaClient*> KafkaMember::asker() {
  if (!asker_) {
    auto client = KafkaClient::open(options_, ClientRole::reader);
    if (!client) return std::unexpected(client.error());
    asker_ = std::move(*client);
  }
  return asker_.get();
}

Result<std::vector<Progress>> KafkaMember::progress(std::chrono::milliseconds time) {
  // Asked every few seconds: while the brokers are away it must not hold up the polls that would see them come back.
  const Deadline deadline(client_->brokers_down() ? kLookForBrokers : time);
  const auto client = asker();
  if (!client) return std::unexpected(client.error());
  const auto count = partition_count(**client, topic_, deadline);
  if (!count) return std::unexpected(count.error());
  if (*count == 0) return std::unexpected(kafka_error(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, fmt::format("asking about topic {}", topic_)));
  std::vector<TopicPartition> partitions;
  for (std::int32_t i = 0; i < *count; ++i) partitions.push_back({topic_, i});
  const auto positions = committed(partitions, deadline);
  if (!positions) return std::unexpected(positions.error());
  const auto ranges = readable_ranges(**client, partitions, deadline);
  if (!ranges) return std::unexpected(ranges.error());
  std::vector<Progress> progress;
  for (std::size_t i = 0; i < partitions.size(); ++i) progress.push_back({partitions[i], (*positions)[i], (*ranges)[i].begin, (*ranges)[i].end});
  return progress;
}

void KafkaMember::leave(const Deadline& deadline) {
  {
    const std::lock_guard lock(wake_lock_);
    queue_.reset();
  }
  auto* handle = client_->handle();
  QueueHandle closing(rd_kafka_queue_new(handle));
  const ErrorHandle failed(rd_kafka_consumer_close_queue(handle, closing.get()));
  while (!failed && rd_kafka_consumer_closed(handle) == 0 && !deadline.passed()) {
    // Runs the callbacks; records that were fetched and not taken come out too, and are dropped.
    const MessageHandle dropped(rd_kafka_consume_queue(closing.get(), deadline.remaining_ms(kCloseSlice)));
  }
  closing.reset();
  owned_.clear();
  KafkaClient::end(std::move(asker_));
  // To destroy one that has joined and was never given anything may abort the process (librdkafka before 2.3, issue 4381).
  if (joined_ && !was_assigned_) {
    KafkaClient::abandon(std::move(client_));
  } else {
    KafkaClient::end(std::move(client_));
  }
}

}  // namespace lernd
