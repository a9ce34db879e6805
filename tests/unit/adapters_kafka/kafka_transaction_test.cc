// How commits fail, on the mock cluster of librdkafka, which answers what it is told to.
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <chrono>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "adapters/kafka/kafka_log.h"

namespace lernd {
namespace {

using namespace std::chrono_literals;

/// Requests by their numbers in the protocol.
enum Request : std::int16_t {
  produce = 0,
  offset_commit = 8,
  init_producer_id = 22,
  add_partitions = 24,
  add_offsets = 25,
  end_transaction = 26,
  transaction_offsets = 28
};

struct Fault {
  std::string name;
  Request request;
  rd_kafka_resp_err_t error;
  Treatment treatment;
  ErrorCode code;
};

std::ostream& operator<<(std::ostream& out, const Fault& fault) { return out << fault.name; }

/// One cluster and one member for all tests: the mock lets a group form only after seconds.
class MockCluster {
 public:
  MockCluster() {
    auto* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "log_level", "3", nullptr, 0);
    handle_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
    cluster_ = rd_kafka_mock_cluster_new(handle_, 1);
    for (const auto* topic : {"in", "out"}) rd_kafka_mock_topic_create(cluster_, topic, 1, 1);
    options_ = {.brokers = rd_kafka_mock_cluster_bootstraps(cluster_), .auto_offset_reset = "earliest", .transactional_id = "id", .request_timeout = 3s};
    auto admin = make_kafka_topic_admin(options_);
    auto log = make_kafka_event_log(options_, "in", "group");
    if (!admin || !log) throw std::runtime_error("no clients");
    const std::vector<OutputRecord> records(100, {"in", {}, "value", {}});
    if (auto produced = (*admin)->produce(records, 0); !produced) throw std::runtime_error(produced.error().text);
    log_ = std::move(*log);
    const auto end = std::chrono::steady_clock::now() + 60s;
    for (auto polled = log_->poll({}); !polled || polled->batches.empty(); polled = log_->poll({})) {
      if (std::chrono::steady_clock::now() > end) throw std::runtime_error(polled ? "no records" : polled.error().text);
    }
  }
  ~MockCluster() {
    log_.reset();
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(handle_);
  }
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;

  EventLog& log() { return *log_; }
  const KafkaOptions& options() const { return options_; }
  /// The next request of this kind gets this answer.
  void answer(Request request, rd_kafka_resp_err_t error) { rd_kafka_mock_push_request_errors(cluster_, request, 1, error); }
  void away(bool away) { away ? rd_kafka_mock_broker_set_down(cluster_, 1) : rd_kafka_mock_broker_set_up(cluster_, 1); }

 private:
  rd_kafka_t* handle_ = nullptr;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
  KafkaOptions options_;
  std::unique_ptr<EventLog> log_;
};

class KafkaCommit : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { cluster_ = std::make_unique<MockCluster>(); }
  static void TearDownTestSuite() { cluster_.reset(); }

  static Result<void> commit(bool with_outputs, std::int64_t next) {
    const std::vector<OutputRecord> outputs(with_outputs ? 1 : 0, {"out", {}, "output", {}});
    const std::vector<Position> positions = {{{"in", 0}, {next}}};
    return cluster_->log().commit(outputs, positions);
  }

  /// What may pass is repeated, after polls, as the worker does.
  static Result<void> commit_until_done(bool with_outputs, std::int64_t next) {
    const auto end = std::chrono::steady_clock::now() + 60s;
    auto done = commit(with_outputs, next);
    while (!done && done.error().treatment == Treatment::retry && std::chrono::steady_clock::now() < end) {
      (void)cluster_->log().poll({.wait = 50ms});
      done = commit(with_outputs, next);
    }
    return done;
  }

  static std::int64_t next_position() { return ++position_; }

  static inline std::unique_ptr<MockCluster> cluster_;
  static inline std::int64_t position_ = 0;
};

class KafkaCommitFault : public KafkaCommit, public ::testing::WithParamInterface<Fault> {};

TEST_P(KafkaCommitFault, HasItsTreatmentAndCanBeRepeated) {
  const auto& fault = GetParam();
  const auto with_outputs = fault.request != offset_commit;
  ASSERT_TRUE(commit_until_done(with_outputs, next_position()));
  const auto next = next_position();
  cluster_->answer(fault.request, fault.error);
  const auto failed = commit(with_outputs, next);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().treatment, fault.treatment) << failed.error().text;
  EXPECT_EQ(failed.error().code, fault.code) << failed.error().text;
  const auto repeated = commit_until_done(with_outputs, next);
  EXPECT_TRUE(repeated) << repeated.error().text;
}

INSTANTIATE_TEST_SUITE_P(
    Requests, KafkaCommitFault,
    ::testing::Values(Fault{"topic_refused", add_partitions, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, Treatment::fatal, ErrorCode::unauthorized},
                      Fault{"group_refused", add_offsets, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, Treatment::fatal, ErrorCode::unauthorized},
                      Fault{"old_epoch", add_offsets, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, Treatment::retry, ErrorCode::unavailable},
                      Fault{"old_generation", transaction_offsets, RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, Treatment::retry, ErrorCode::unavailable},
                      Fault{"unknown_member", transaction_offsets, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, Treatment::retry, ErrorCode::unavailable},
                      Fault{"another_instance", transaction_offsets, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, Treatment::retry, ErrorCode::unavailable},
                      Fault{"large_record", produce, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, Treatment::reject, ErrorCode::oversized_record},
                      Fault{"producer_fenced", end_transaction, RD_KAFKA_RESP_ERR_PRODUCER_FENCED, Treatment::retry, ErrorCode::unavailable},
                      Fault{"epoch_at_the_end", end_transaction, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, Treatment::retry, ErrorCode::unavailable},
                      Fault{"transaction_gone", end_transaction, RD_KAFKA_RESP_ERR_INVALID_TXN_STATE, Treatment::retry, ErrorCode::unavailable},
                      Fault{"id_refused", end_transaction, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, Treatment::fatal, ErrorCode::unauthorized},
                      Fault{"rebalance", offset_commit, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, Treatment::retry, ErrorCode::unavailable},
                      Fault{"offsets_refused", offset_commit, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, Treatment::fatal, ErrorCode::unauthorized}),
    [](const auto& info) { return info.param.name; });

TEST_F(KafkaCommit, WhatMayPassIsRepeatedInside) {
  for (const auto request : {add_partitions, add_offsets, transaction_offsets, end_transaction}) {
    for (const auto error : {RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR__TRANSPORT}) {
      cluster_->answer(request, error);
      const auto done = commit(true, next_position());
      EXPECT_TRUE(done) << "request " << request << ", " << rd_kafka_err2name(error) << ": " << done.error().text;
    }
  }
}

// The mock keeps no positions of transactions: a plain commit stands for those of one that was committed and not heard of.
TEST_F(KafkaCommit, ATransactionThatWasCommittedUnheardIsNotMadeAgain) {
  const auto next = next_position();
  ASSERT_TRUE(commit_until_done(false, next));
  cluster_->answer(end_transaction, RD_KAFKA_RESP_ERR_INVALID_TXN_STATE);
  const auto done = commit(true, next);
  EXPECT_TRUE(done) << done.error().text;
}

TEST_F(KafkaCommit, AProducerThatMayNotStartIsFatal) {
  auto how = cluster_->options();
  how.transactional_id = "another";
  const auto log = make_kafka_event_log(how, "in", "another");
  ASSERT_TRUE(log);
  cluster_->answer(init_producer_id, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
  const std::vector<OutputRecord> outputs = {{"out", {}, "output", {}}};
  const auto failed = (*log)->commit(outputs, {});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().treatment, Treatment::fatal) << failed.error().text;
  EXPECT_EQ(failed.error().code, ErrorCode::unauthorized) << failed.error().text;
  EXPECT_TRUE((*log)->commit(outputs, {}));
}

TEST_F(KafkaCommit, ABrokerThatIsAwayDoesNotHoldACommitForEver) {
  const auto next = next_position();
  ASSERT_TRUE(commit_until_done(true, next));
  for (const auto with_outputs : {true, false}) {
    cluster_->away(true);
    const auto begun = std::chrono::steady_clock::now();
    const auto failed = commit(with_outputs, next + 1);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, cluster_->options().request_timeout * 4);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().treatment, Treatment::retry) << failed.error().text;
    EXPECT_TRUE(failed.error().text.contains("kafka.broker-servers")) << failed.error().text;
    cluster_->away(false);
    const auto repeated = commit_until_done(with_outputs, next + 1);
    EXPECT_TRUE(repeated) << repeated.error().text;
  }
  position_ = next + 1;
}

TEST_F(KafkaCommit, APartitionThatIsNotAssignedIsFenced) {
  const std::vector<Position> positions = {{{"in", 7}, {1}}};
  const auto failed = cluster_->log().commit({}, positions);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().treatment, Treatment::retry);
  EXPECT_EQ(failed.error().code, ErrorCode::fenced);
}

}  // namespace
}  // namespace lernd
