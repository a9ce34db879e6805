#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "app/services.h"
#include "conformance/temporary_folder.h"
#include "fault/index_gate.h"
#include "fault/transfer_services.h"
#include "support/process.h"
#include "unit/jobs/user_ownership_transfer/model.h"

namespace lernd {

/// Users and course batches, and the requests to come.
struct TransferPlot {
  user_ownership_transfer::Model start;
  std::vector<nlohmann::json> events;
};

/// Users of two organisations who hand batches to each other: some at once further on, some twice, some who may not.
TransferPlot random_plot(std::uint64_t seed, std::size_t users, std::size_t batches, std::size_t events);
/// `from` hands so many batches that he created, and as many that he mentors, to `to`.
TransferPlot large_plot(std::size_t batches);

/// Who owns what. Mentors are sorted: their order says nothing, and events of different users may come in any.
struct Ownership {
  using Batch = user_ownership_transfer::Model::Batch;
  std::map<std::pair<std::string, std::string>, Batch> rows;  ///< by course and batch
  std::map<std::string, nlohmann::json> documents;            ///< by batch

  /// Batches whose row and document name others.
  std::vector<std::string> torn() const;
};

/// Fails the running test when `found` is not as expected; says where.
void expect_same(const Ownership& found, const Ownership& expected);

/// What a world is made of.
struct TransferOptions {
  std::string server = "elasticsearch";
  bool gated = true;    ///< the job meets the index through the gate
  int parallelism = 8;  ///< `task.user.ownership.transfer.parallelism`
  int attempts = 8;     ///< `lernd.retry.attempts_max`
  std::function<void(const std::vector<std::string>&)> meddle = {};
};

/// A keyspace, a topic, the index and the services of user-ownership-transfer, and the `lernd` program to run over them, on the real Kafka, Cassandra and
/// Elasticsearch or OpenSearch. What it made is removed with it.
///
/// The index has the one name that the platform knows, so two worlds must not work at the same time.
class TransferWorld {
 public:
  explicit TransferWorld(TransferPlot plot, TransferOptions options = {});
  ~TransferWorld();
  TransferWorld(const TransferWorld&) = delete;
  TransferWorld& operator=(const TransferWorld&) = delete;

  /// Starts `lernd run … --until-end`, with admin pages, and with the test hooks given in `environment`.
  Process start(std::map<std::string, std::string> environment = {});
  /// Waits until the job has begun to change documents `more` times again; false when it has ended before.
  bool await_updates(Process& process, std::size_t more) const;
  /// Hands the events in again.
  void produce();
  /// An operator's word to the index: a block that comes, or goes.
  void block(const std::string& setting, bool on) const;

  Ownership found() const;
  /// By the specification alone: a model of it without any code of the job.
  Ownership expected() const;
  std::size_t dead_letters() const;

  IndexGate& gate() { return gate_; }
  TransferServices& partners() { return partners_; }
  /// `host:port` of the index server itself.
  const std::string& server() const { return server_; }

 private:
  std::map<std::string, std::string> settings(const std::string& index) const;
  void fill() const;

  const std::string name_;
  const TransferOptions options_;
  const std::string server_;
  TransferPlot plot_;
  TransferServices partners_;
  IndexGate gate_;
  TemporaryFolder folder_;
  const JobDescription& job_;
  OptionValues values_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<lernd::Services> services_;
};

}  // namespace lernd
