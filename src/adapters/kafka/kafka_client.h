#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "deadline.h"
#include "kafka_handle.h"
#include "kafka_log.h"
#include "kafka_options.h"

namespace lernd {

/// One client of librdkafka, and what its callbacks told of the connection.
///
/// Used by one thread. Callbacks run inside `serve` and inside the calls of librdkafka that serve the client's queues, so they run on that thread too; only log
/// lines come from threads of librdkafka.
class KafkaClient {
 public:
  /// Callbacks of the owner; what they refer to outlives the client.
  struct Hooks {
    std::function<void(rd_kafka_resp_err_t event, rd_kafka_topic_partition_list_t* partitions)> rebalance;
    std::function<void(const rd_kafka_message_t& message)> delivered;
  };

  /// Errors  `fatal`, `invalid_option`: a setting that librdkafka does not know or take.
  static Result<std::unique_ptr<KafkaClient>> open(const KafkaOptions& options, ClientRole role, const std::string& group = {}, Hooks hooks = {});
  ~KafkaClient();
  KafkaClient(const KafkaClient&) = delete;
  KafkaClient& operator=(const KafkaClient&) = delete;

  rd_kafka_t* handle() const { return handle_; }

  /// Runs callbacks that wait: connection errors, delivery reports. Never a rebalance.
  void serve(int wait_ms = 0);

  /// What was heard of the connection and cannot pass: credentials, certificates, a fatal state of the client.
  const std::optional<Error>& fault() const { return fault_; }

  /// True after all connections broke, until `seen_alive`.
  bool brokers_down() const { return brokers_down_; }
  /// To be called when a broker has answered.
  void seen_alive();

  /// The error for a code, with what the connection last said.
  Error error(rd_kafka_resp_err_t code, std::string_view doing) const;
  Error error(const rd_kafka_error_t* error, std::string_view doing) const;

  /// Repeats `call(wait_ms)` while it fails for something that may pass, until the deadline or a fault.
  Result<void> ask(const Deadline& deadline, std::string_view doing, const std::function<rd_kafka_resp_err_t(int wait_ms)>& call);

  /// Destroys a client that was a member of a group, or had topics that are gone: librdkafka may wait for such a one without end. After two seconds that is
  /// left to a thread of its own, and this call returns. Nothing happens for null.
  static void end(std::unique_ptr<KafkaClient> client);
  /// Silences a client and leaves it as it is until the process ends.
  static void abandon(std::unique_ptr<KafkaClient> client);

 private:
  void silence();
  KafkaClient(const KafkaOptions& options, Hooks hooks) : options_(options), hooks_(std::move(hooks)) {}
  Result<ConfHandle> configure(const ClientSettings& settings) const;
  void hear(rd_kafka_resp_err_t code, std::string_view reason);
  static void on_log(const rd_kafka_t* client, int level, const char* facility, const char* text);

  const KafkaOptions options_;
  Hooks hooks_;
  rd_kafka_t* handle_ = nullptr;  // not a KafkaHandle: callbacks may run until the destructor's end
  std::optional<Error> fault_;
  std::string last_heard_;
  bool brokers_down_ = false;
  bool was_alive_ = false;
  std::atomic<bool> muted_ = false;
};

}  // namespace lernd
