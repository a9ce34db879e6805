#include "kafka_producer.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "kafka_error.h"
#include "kafka_topics.h"

namespace lernd {
namespace {

constexpr int kQueueFullPauseMs = 10;

HeadersHandle headers_of(const OutputRecord& record) {
  HeadersHandle headers(rd_kafka_headers_new(record.headers.size()));
  for (const auto& [name, value] : record.headers) {
    rd_kafka_header_add(headers.get(), name.data(), static_cast<ssize_t>(name.size()), value.data(), static_cast<ssize_t>(value.size()));
  }
  return headers;
}

/// Taken back by ourselves, for a reason that is reported otherwise.
bool is_purge(rd_kafka_resp_err_t code) { return code == RD_KAFKA_RESP_ERR__PURGE_QUEUE || code == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT; }

rd_kafka_vu_t bytes(rd_kafka_vtype_t kind, const std::optional<std::string>& value) {
  rd_kafka_vu_t argument{.vtype = kind, .u = {}};
  // An empty value is not a missing one: the pointer tells them apart.
  argument.u.mem.ptr = value ? const_cast<char*>(value->data()) : nullptr;
  argument.u.mem.size = value ? value->size() : 0;
  return argument;
}

}  // namespace

Result<std::unique_ptr<KafkaProducer>> KafkaProducer::open(const KafkaOptions& options, ClientRole role) {
  std::unique_ptr<KafkaProducer> producer(new KafkaProducer(options.request_timeout));
  auto& deliveries = producer->deliveries_;
  auto client = KafkaClient::open(options, role, {}, {.rebalance = {}, .delivered = [&deliveries](const rd_kafka_message_t& message) {
                                                        if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR || is_purge(message.err)) return;
                                                        if (deliveries.failed++ > 0) return;
                                                        deliveries.code = message.err;
                                                        deliveries.topic = rd_kafka_topic_name(message.rkt);
                                                      }});
  if (!client) return std::unexpected(client.error());
  producer->client_ = std::move(*client);
  return producer;
}

Result<void> KafkaProducer::start_transactions(const Deadline& deadline) {
  while (!started_) {
    const ErrorHandle failed(rd_kafka_init_transactions(client_->handle(), deadline.remaining_ms(std::chrono::milliseconds(500))));
    client_->serve();
    started_ = !failed;
    if (started_) break;
    if (client_->fault()) return std::unexpected(*client_->fault());
    const auto may_pass = rd_kafka_error_is_retriable(failed.get()) != 0 && !deadline.passed();
    if (!may_pass) return std::unexpected(client_->error(failed.get(), "starting transactions"));
  }
  return {};
}

std::expected<void, TransactionFault> KafkaProducer::transact(std::span<const OutputRecord> outputs, std::span<const Position> positions,
                                                              const rd_kafka_consumer_group_metadata_t* member, const Deadline& deadline) {
  client_->serve();
  deliveries_ = {};
  const ErrorHandle failed(rd_kafka_begin_transaction(client_->handle()));
  if (failed) return std::unexpected(TransactionFault{client_->error(failed.get(), "beginning a transaction"), true});
  auto done = enqueue(outputs, RD_KAFKA_PARTITION_UA, deadline);
  if (done && member != nullptr) done = send_offsets(positions, *member, deadline);
  if (!done) return std::unexpected(give_up(done.error(), true));
  return end_transaction(deadline);
}

Result<void> KafkaProducer::send_offsets(std::span<const Position> positions, const rd_kafka_consumer_group_metadata_t& member, const Deadline& deadline) {
  const auto offsets = list_of(positions);
  for (;;) {
    const ErrorHandle failed(rd_kafka_send_offsets_to_transaction(client_->handle(), offsets.get(), &member, deadline.remaining_ms(request_timeout_)));
    if (!failed) return {};
    if (rd_kafka_error_is_retriable(failed.get()) == 0 || deadline.passed()) {
      return std::unexpected(client_->error(failed.get(), "adding positions to a transaction"));
    }
  }
}

std::expected<void, TransactionFault> KafkaProducer::end_transaction(const Deadline& deadline) {
  for (;;) {
    const ErrorHandle failed(rd_kafka_commit_transaction(client_->handle(), deadline.remaining_ms()));
    if (!failed) return {};
    // Only the same call may follow a retriable failure, and the commit may be under way: it cannot be taken back.
    const auto retriable = rd_kafka_error_is_retriable(failed.get()) != 0;
    if (retriable && !deadline.passed()) continue;
    auto error = client_->error(failed.get(), "committing a transaction");
    if (retriable) return std::unexpected(TransactionFault{std::move(error), false});
    return std::unexpected(give_up(std::move(error), false));
  }
}

/// Aborts the transaction. When that succeeds, nothing of it was or will be committed, whatever was asked before.
TransactionFault KafkaProducer::give_up(Error error, bool outcome_known) {
  // In a transaction that has failed every call tells why; the one at hand may have failed with it and not know.
  const ErrorHandle reason(rd_kafka_begin_transaction(client_->handle()));
  if (reason && rd_kafka_error_txn_requires_abort(reason.get()) != 0) error = client_->error(reason.get(), "a transaction");
  const Deadline deadline(request_timeout_ / 2);
  for (;;) {
    const ErrorHandle failed(rd_kafka_abort_transaction(client_->handle(), deadline.remaining_ms()));
    if (!failed) outcome_known = true;
    if (!failed || rd_kafka_error_is_retriable(failed.get()) == 0 || deadline.passed()) break;
  }
  // A record that was refused makes every later step fail for another reason; it is the one to tell.
  auto sent = delivered();
  return {sent ? std::move(error) : sent.error(), outcome_known};
}

Result<void> KafkaProducer::send(std::span<const OutputRecord> records, int partition, const Deadline& deadline) {
  client_->serve();
  deliveries_ = {};
  auto done = enqueue(records, partition, deadline);
  if (rd_kafka_flush(client_->handle(), deadline.remaining_ms()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    // What is not acknowledged by now counts as failed, and must not go out behind the caller's back.
    rd_kafka_purge(client_->handle(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(client_->handle(), static_cast<int>(request_timeout_.count()));
    if (client_->fault()) return std::unexpected(*client_->fault());
    return std::unexpected(client_->error(RD_KAFKA_RESP_ERR__TIMED_OUT, "sending records"));
  }
  return done ? delivered() : done;
}

Result<void> KafkaProducer::delivered() const {
  if (deliveries_.failed == 0) return {};
  const auto what = deliveries_.failed == 1 ? std::string("sending a record") : fmt::format("sending {} records", deliveries_.failed);
  return std::unexpected(client_->error(deliveries_.code, fmt::format("{} to topic {}", what, deliveries_.topic)));
}

Result<void> KafkaProducer::enqueue(std::span<const OutputRecord> records, int partition, const Deadline& deadline) {
  for (const auto& record : records) {
    if (auto queued = enqueue_one(record, partition, deadline); !queued) return queued;
  }
  return {};
}

/// A handle asks for the topic's partitions when it is made; a bare name in a record waits for the next round of such questions, up to a second.
Result<rd_kafka_topic_t*> KafkaProducer::topic(const std::string& name) {
  auto& handle = topics_[name];
  if (!handle) handle.reset(rd_kafka_topic_new(client_->handle(), name.c_str(), nullptr));
  if (!handle) return std::unexpected(client_->error(rd_kafka_last_error(), fmt::format("sending to topic {}", name)));
  return handle.get();
}

Result<void> KafkaProducer::enqueue_one(const OutputRecord& record, int partition, const Deadline& deadline) {
  const auto where = topic(record.topic);
  if (!where) return std::unexpected(where.error());
  std::array<rd_kafka_vu_t, 6> arguments{};
  arguments[0] = {.vtype = RD_KAFKA_VTYPE_RKT, .u = {.rkt = *where}};
  arguments[1] = {.vtype = RD_KAFKA_VTYPE_PARTITION, .u = {.i32 = partition < 0 ? RD_KAFKA_PARTITION_UA : partition}};
  arguments[2] = {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u = {.i = RD_KAFKA_MSG_F_COPY}};
  arguments[3] = bytes(RD_KAFKA_VTYPE_KEY, record.key);
  arguments[4] = bytes(RD_KAFKA_VTYPE_VALUE, record.value);
  for (;;) {
    auto headers = headers_of(record);
    arguments[5] = {.vtype = RD_KAFKA_VTYPE_HEADERS, .u = {.headers = headers.get()}};
    const ErrorHandle failed(rd_kafka_produceva(client_->handle(), arguments.data(), arguments.size()));
    if (!failed) {
      static_cast<void>(headers.release());
      return {};
    }
    const auto full = rd_kafka_error_code(failed.get()) == RD_KAFKA_RESP_ERR__QUEUE_FULL;
    if (!full || deadline.passed()) return std::unexpected(client_->error(failed.get(), fmt::format("sending a record to topic {}", record.topic)));
    client_->serve(kQueueFullPauseMs);
  }
}

}  // namespace lernd
